import type { ReplayPage } from '../../core/domain/replay.ts';
import { elements } from './elements.ts';
import { durationOf, type Film } from './film.ts';
import { addressOf, clockOf } from './words.ts';

const { tabs } = elements;
const ALL = 'all';

/** The pages that were filmed, and all of them together: choosing one leaves out the others. */
export function createTabs(onSelect: (pageId: string | undefined) => void) {
  let selected: string | undefined;

  function mark(): void {
    for (const tab of tabs.children) {
      const is = tab.id === `tab-${selected ?? ALL}`;
      tab.setAttribute('aria-selected', String(is));
      if (tab instanceof HTMLElement) tab.tabIndex = is ? 0 : -1;
    }
  }

  function select(pageId: string | undefined): void {
    selected = pageId;
    mark();
    onSelect(pageId);
  }

  function tabOf(pageId: string | undefined): HTMLElement {
    const id = `tab-${pageId ?? ALL}`;
    const known = document.getElementById(id);
    if (known !== null) return known;
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.id = id;
    tab.role = 'tab';
    tab.append(document.createElement('span'), document.createElement('time'));
    tab.addEventListener('click', () => select(pageId));
    tabs.append(tab);
    return tab;
  }

  function label(pageId: string | undefined, words: string, ms: number): void {
    const [name, time] = tabOf(pageId).children;
    if (name !== undefined) name.textContent = words;
    if (time !== undefined) time.textContent = clockOf(ms);
    tabOf(pageId).title = words;
  }

  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || document.activeElement === null) return;
    const all = [...tabs.children];
    const next = all[all.indexOf(document.activeElement) + step];
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    // The film has the same keys.
    event.stopPropagation();
    next.focus();
    next.click();
  });

  return {
    selected: () => selected,
    draw(pages: readonly ReplayPage[], film: Film): void {
      tabs.hidden = pages.length < 2;
      if (tabs.hidden) return;
      label(undefined, 'All pages', film.durationMs);
      for (const { pageId, url } of pages) label(pageId, addressOf(url), durationOf(film, pageId));
      mark();
    },
    /** Which one is seen now. */
    show(pageId: string | undefined): void {
      for (const tab of tabs.children) tab.toggleAttribute('data-seen', tab.id === `tab-${pageId}`);
    },
  };
}
