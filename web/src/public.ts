// Comfort only: the open pages work without this file. It adds a button that prints the page.
for (const place of document.querySelectorAll<HTMLElement>(".print-here")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = "打印这一页";
  button.addEventListener("click", () => window.print());
  place.replaceChildren(button);
}
