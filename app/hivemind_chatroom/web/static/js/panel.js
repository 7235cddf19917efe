/** A part of the page that a button opens: Escape, the button or a tap elsewhere closes it. */

export class Panel {
  #button;
  #panel;
  #onOpen;

  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} panel
   * @param {() => void} [onOpen]
   */
  constructor(button, panel, onOpen) {
    this.#button = button;
    this.#panel = panel;
    this.#onOpen = onOpen;
    button.addEventListener("click", () => (this.#isOpen ? this.close() : this.#setOpen(true)));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    document.addEventListener("pointerdown", (event) => this.#touched(event));
  }

  /** Closes the panel; whoever was in it is back at the button. */
  close() {
    if (!this.#isOpen) return;
    const wasInside = this.#panel.contains(document.activeElement);
    this.#setOpen(false);
    if (wasInside) this.#button.focus();
  }

  get #isOpen() {
    return this.#panel.classList.contains("is-open");
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.#panel.classList.toggle("is-open", isOpen);
    this.#button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#onOpen?.();
  }

  /** @param {PointerEvent} event */
  #touched(event) {
    const touched = /** @type {Node} */ (event.target);
    if (!this.#panel.contains(touched) && !this.#button.contains(touched)) this.close();
  }
}
