// A hand that counts: what a person clicks, types and waits for while doing a task.
//
// The machine's seconds are measured. The person's are estimated by the keystroke-level model of
// Card, Moran and Newell, with its usual figures: they say how long the hands need, not how long
// somebody reads or speaks on the telephone.
const KEY_SECONDS = 0.28
const CLICK_SECONDS = 1.1 + 0.1
const DECIDE_SECONDS = 1.35

export class Hand {
  constructor(page) {
    this.page = page
    this.clicks = 0
    this.keys = 0
    this.typed = 0
    this.waited = 0
  }

  /** Clicks a link or a button and waits until the page it leads to has come. */
  async click(target) {
    this.clicks += 1
    await this.#timed(async () => {
      await target.click()
      await this.page.waitForLoadState('load')
    })
  }

  /** Presses one key, as on the match desk. */
  async press(key) {
    this.keys += 1
    await this.#timed(async () => {
      await this.page.keyboard.press(key)
      await this.page.waitForLoadState('load')
    })
  }

  /** Types into a field: one click and its letters. */
  async type(field, text) {
    this.clicks += 1
    this.typed += [...text].length
    await field.fill(text)
  }

  /** Chooses a file or an entry of a list: two clicks. */
  async choose(act) {
    this.clicks += 2
    await this.#timed(act)
  }

  /** Waits for what the program does. */
  async wait(act) {
    await this.#timed(act)
  }

  async #timed(act) {
    const from = performance.now()
    await act()
    this.waited += (performance.now() - from) / 1000
  }

  /** Clicks, keys, letters, and seconds of hand and machine. */
  tally() {
    const acts = this.clicks + this.keys
    const hand =
      this.clicks * CLICK_SECONDS +
      (this.keys + this.typed) * KEY_SECONDS +
      acts * DECIDE_SECONDS
    return {
      clicks: this.clicks,
      keys: this.keys,
      letters: this.typed,
      machine: Math.round(this.waited * 10) / 10,
      hand: Math.round(hand),
    }
  }
}
