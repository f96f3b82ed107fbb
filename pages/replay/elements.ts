/** The elements of the page, by their ids: all are in its HTML. */
function byId<T extends Element>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no #${id}`);
  return element;
}

export const elements = {
  head: byId('head', HTMLElement),
  title: byId('title', HTMLElement),
  running: byId('running', HTMLElement),
  tabs: byId('tabs', HTMLElement),
  stage: byId('stage', HTMLElement),
  video: byId('video', HTMLVideoElement),
  skipped: byId('skipped', HTMLElement),
  noticeTitle: byId('notice-title', HTMLElement),
  noticeText: byId('notice-text', HTMLElement),
  again: byId('again', HTMLButtonElement),
  controls: byId('controls', HTMLElement),
  timeline: byId('timeline', HTMLElement),
  marks: byId('marks', HTMLElement),
  track: byId('track', HTMLElement),
  scenes: byId('scenes', HTMLElement),
  played: byId('played', HTMLElement),
  headOfTime: byId('head-of-time', HTMLElement),
  tip: byId('tip', HTMLElement),
  play: byId('play', HTMLButtonElement),
  playIcon: byId('play-icon', SVGPathElement),
  day: byId('day', HTMLTimeElement),
  elapsed: byId('elapsed', HTMLElement),
  status: byId('status', HTMLElement),
  speeds: byId('speeds', HTMLElement),
  fullscreen: byId('fullscreen', HTMLButtonElement),
  toggle: byId('toggle', HTMLButtonElement),
  events: byId('events', HTMLElement),
  list: byId('list', HTMLOListElement),
};
