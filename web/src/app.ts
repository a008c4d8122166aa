// Comfort only: every page works without this file.
import htmx from "htmx.org";

htmx.config.includeIndicatorStyles = false; // it would write a style element
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // people's data stays out of the browser's storage

// What is ticked or pressed takes no letters or digits.
const FIELDS = "input:not([type=radio]):not([type=checkbox]):not([type=submit]), textarea, select";

/** Whether keys belong to the field that has the focus. */
function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches(FIELDS))
  );
}

/** The first link of each row: where j and k go, and what Enter opens. */
function rowLinks(): HTMLElement[] {
  const rows = document.querySelectorAll<HTMLElement>("table.rows tbody tr");
  return Array.from(rows).flatMap((row) => {
    const link = row.querySelector<HTMLElement>("th a, td a, td button");
    return link ? [link] : [];
  });
}

function move(step: number): void {
  const links = rowLinks();
  if (links.length === 0) return;
  const row = document.activeElement?.closest("tbody tr");
  const here = links.findIndex((link) => row !== null && link.closest("tr") === row);
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

/** Goes to the page's own sheet of paper where it has one, else prints the page. */
function print(): void {
  const sheet = document.querySelector<HTMLAnchorElement>("a[data-print]");
  if (sheet) location.assign(sheet.href);
  else window.print();
}

/** What the page itself gave this key, as the match desk gives its choices 1, 2 and 3. */
function keyed(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") (event.target as HTMLElement).blur();
    return;
  }
  const own = keyed(event.key);
  if (own) {
    event.preventDefault();
    if (!event.repeat) own.click(); // a key held down acts once
    return;
  }
  const act: Record<string, () => void> = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.getElementById("find")?.focus(),
    p: print,
  };
  if (act[event.key]) {
    event.preventDefault();
    act[event.key]();
  }
});

// A sheet of paper gets a button that prints it.
const bar = document.querySelector(".noprint");
if (bar) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "打印这一页";
  button.addEventListener("click", () => window.print());
  bar.prepend(button);
}

// A refused or stale answer says so instead of nothing.
document.body.addEventListener("htmx:responseError", () => location.reload());
