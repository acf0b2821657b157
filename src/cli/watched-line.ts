const ERASE_LINE = '\r\u001B[2K';

const USUAL_COLUMNS = 80;

/** One line of a terminal that is written over and over; nothing at all where nobody watches (a pipe, a file). */
export class WatchedLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  get isWatched(): boolean {
    return this.#stream.isTTY === true;
  }

  /** What fits, for a terminal can't erase a line that it has broken. Some do not say how wide they are. */
  get width(): number {
    const { columns } = this.#stream;
    return (columns > 0 ? columns : USUAL_COLUMNS) - 1;
  }

  show(text: string): void {
    if (!this.isWatched) return;
    this.#stream.write(ERASE_LINE + text.slice(0, this.width));
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#stream.write(ERASE_LINE);
    this.#shown = false;
  }
}
