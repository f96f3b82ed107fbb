/** What a live view is shown, and what it may send. */
export const CAST_LIMITS = Object.freeze({
  /** At most 15 pictures a second. */
  frameIntervalMs: 66,
  /** How long Chrome waits for the first viewer to have a picture. */
  slowestAckMs: 1_000,
  jpegQuality: 60,
  /** A picture is no larger than this, whatever the page's viewport is. */
  maxFrameWidth: 1_920,
  maxFrameHeight: 1_200,
  /** What waits for a viewer that does not read. */
  maxUnsentBytes: 4 * 1024 * 1024,
  /** Of one message. What is pasted is the largest. */
  maxMessageBytes: 256 * 1024,
  maxTextCharacters: 50_000,
  /** Messages of one viewer: so many at once, and so many a second after that. */
  messageBurst: 400,
  messagesPerSecond: 200,
  /** Looks at what is under the mouse, for its cursor. */
  hoverMs: 100,
  /** A page that no client has spoken to for so long is left for another one. */
  quietMs: 1_000,
  /** How long a page may take to say what is under a click. */
  lookMs: 300,
  /** How long who comes waits for what a page says of itself. */
  openMs: 1_000,
  /** How much longer than it took to read where a page has been, it is not read again. */
  historyRest: 10,
  /** What a page may owe an answer to; what is done in it beyond that is not passed on. */
  maxUnanswered: 500,
  maxUnansweredCharacters: 500_000,
  maxTitleCharacters: 512,
  maxUrlCharacters: 2_048,
  maxPages: 100,
  /** Frames within frames of other origins, as far as they are looked into. */
  maxFrameDepth: 10,
  maxOptions: 1_000,
  /** Of a field's value and its bounds, as a page may have them. */
  maxFieldCharacters: 1_000,
});
