import type { CastMessage, PageInfo, ViewerMessage } from '../../core/domain/cast-messages.ts';
import { elements } from './elements.ts';

const { bar, tabs, address, back, forward, reload, url, mode, keys } = elements;

/** Tabs, history and address above the picture. `navbar=false` in the page's own address leaves them out. */
export function createBar(send: (message: ViewerMessage) => void) {
  const isWanted = new URLSearchParams(location.search).get('navbar') !== 'false';
  let current: PageInfo | undefined;

  back.addEventListener('click', () => send({ type: 'history', steps: -1 }));
  forward.addEventListener('click', () => send({ type: 'history', steps: 1 }));
  reload.addEventListener('click', () => send({ type: 'reload' }));
  address.addEventListener('submit', (event) => {
    event.preventDefault();
    if (url.readOnly || url.value.trim() === '') return;
    send({ type: 'navigate', url: url.value.trim().slice(0, 2_048) });
    keys.focus({ preventScroll: true });
  });
  url.addEventListener('focus', () => url.select());
  url.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' && event.key !== 'F6') return;
    event.preventDefault();
    url.value = current?.url ?? '';
    keys.focus({ preventScroll: true });
  });

  function select(): void {
    for (const tab of tabs.children)
      tab.setAttribute('aria-selected', String(tab.id === `tab-${current?.id}`));
  }

  /** The one that is there, where it is: a click that has begun on it ends on it, and it keeps the keyboard. */
  function tabOf({ id, title, url: at }: PageInfo): HTMLElement {
    const tab = document.getElementById(`tab-${id}`) ?? newTab(id);
    tab.textContent = title || at || 'New tab';
    tab.title = at;
    return tab;
  }

  function newTab(id: string): HTMLElement {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.id = `tab-${id}`;
    tab.role = 'tab';
    tab.addEventListener('click', () => send({ type: 'watch', pageId: id }));
    return tab;
  }

  return {
    greet({ mode: given }: Extract<CastMessage, { type: 'hello' }>): void {
      const canAct = given === 'control';
      bar.hidden = !isWanted;
      for (const button of [back, forward, reload]) button.hidden = !canAct;
      url.readOnly = !canAct;
      mode.hidden = canAct;
    },
    showPage({ page, canGoBack, canGoForward }: Extract<CastMessage, { type: 'page' }>): void {
      current = page;
      if (document.activeElement !== url) url.value = page.url;
      back.disabled = !canGoBack;
      forward.disabled = !canGoForward;
      document.title = page.title === '' ? 'Live view' : `${page.title} - live view`;
      select();
    },
    showPages({ pages }: Extract<CastMessage, { type: 'pages' }>): void {
      place(pages.map(tabOf));
      tabs.hidden = pages.length < 2;
      reload.disabled = pages.length === 0;
      if (pages.length === 0) {
        current = undefined;
        showNowhere();
      }
      select();
    },
  };
}

function place(wanted: readonly HTMLElement[]): void {
  for (const tab of [...tabs.children]) if (!wanted.some((kept) => kept === tab)) tab.remove();
  // Those that stay are in their order already: pages are told in the order in which they were opened.
  for (const tab of wanted) if (tab.parentElement !== tabs) tabs.append(tab);
}

/** No page is open: there is nowhere to go back to. */
function showNowhere(): void {
  url.value = '';
  back.disabled = true;
  forward.disabled = true;
}
