/** What a person does in a live view where the page is not one document of a desktop: frames of other sites, and phones. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  asUrl,
  becomes,
  screenSpotOf,
  type Watched,
  withView,
} from '../../../controller/testing/live-view.ts';
import { type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';

const suiteOfSessions = suite('the live view of frames and phones');
const inSession = sessionTests(suiteOfSessions);

/** Each frame shows one of another site: `a` -> `b` -> `c`, the innermost with a form. */
const FRAMES: Readonly<Record<string, string>> = {
  '/a': `<!doctype html><title>Frames</title><body style="margin:0"><p>Above</p>
    <iframe id=b style="position:absolute;left:60px;top:80px;width:700px;height:500px;border:7px solid;padding:11px;transform:scale(0.8);transform-origin:0 0" src="http://b.localhost:PORT/b"></iframe>`,
  '/b': `<body style="margin:0"><div style="height:60px"></div><iframe id=c style="width:600px;height:380px;margin-left:30px" src="http://c.localhost:PORT/c"></iframe>`,
  '/c': `<body style="margin:20px;font:18px sans-serif"><button onclick="this.textContent='clicked'">Press</button><br><br>
    <input id=name><br><br><select id=size><option>small<option>large<option>huge</select><br><br>
    <input id=file type=file multiple onchange="document.body.dataset.files=[...this.files].map(f=>f.name)" oncancel="document.body.dataset.files='none'">`,
};

/** A site whose every name under `localhost` is another site for Chrome. */
async function withFrames(
  test: SessionTest,
  run: (watched: Watched, inner: Frame) => Promise<void>,
): Promise<void> {
  const site: Server = createServer(({ url = '' }, response) => {
    const { port } = site.address() as AddressInfo;
    response.setHeader('content-type', 'text/html');
    response.end((FRAMES[url] ?? '').replaceAll('PORT', String(port)));
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  try {
    await withView(test, { url: `http://127.0.0.1:${port}/a` }, async (watched) => {
      const inner = watched.page.frames().find((frame) => frame.url().endsWith('/c'));
      if (inner === undefined) throw new Error('The innermost frame is not there');
      const targets = await (await watched.page.createCDPSession()).send('Target.getTargets');
      assert.is(
        targets.targetInfos.filter(({ type }) => type === 'iframe').length,
        2,
        'each is a target of its own',
      );
      await run(watched, inner);
    });
  } finally {
    site.closeAllConnections();
    site.close();
  }
}

/** How far the innermost document is from the top left of the outermost, by the borders, paddings and scale above. */
const INNERMOST = { left: 60 + 0.8 * (7 + 11 + 30 + 2), top: 80 + 0.8 * (7 + 11 + 60 + 2), scale: 0.8 };

/** Where an element of the innermost frame is on the viewer's screen. */
async function spotIn({ page, view }: Watched, frame: Frame, selector: string): Promise<[number, number]> {
  const within = await frame.$eval(selector, (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
  const [width, height] = (await page.evaluate('[innerWidth, innerHeight]')) as [number, number];
  const { left, top, scale } = INNERMOST;
  return screenSpotOf(view, { x: (left + within.x * scale) / width, y: (top + within.y * scale) / height });
}

inSession('a frame within a frame of other sites is clicked, typed into, chosen in and copied from', (test) =>
  withFrames(test, async (watched, inner) => {
    const { view } = watched;
    await view.mouse.click(...(await spotIn(watched, inner, 'button')));
    await inner.waitForFunction(`document.querySelector('button').textContent === 'clicked'`);
    await view.mouse.click(...(await spotIn(watched, inner, '#name')));
    await view.waitForFunction(`document.querySelector('#picture').style.cursor === 'text'`);
    await view.keyboard.type('Ada');
    await inner.waitForFunction(`document.querySelector('#name').value === 'Ada'`);
    const cdp = await view.createCDPSession();
    await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await cdp.send('Input.insertText', { text: '日本' });
    await inner.waitForFunction(`document.querySelector('#name').value === 'Ada日本'`);

    await view.mouse.click(...(await spotIn(watched, inner, '#size')));
    await view.waitForSelector('#picker:not([hidden]) select');
    const [left, top] = await spotIn(watched, inner, '#size');
    const drawn = await view.$eval('#picker', (form) => {
      const box = form.getBoundingClientRect();
      return { left: box.left, right: box.right, top: box.top };
    });
    assert.ok(drawn.left < left && drawn.right > left, 'it is drawn where the field is');
    assert.ok(Math.abs(drawn.top - top) < 40, `${drawn.top} and ${top}`);
    await view.keyboard.press('ArrowDown');
    await view.keyboard.press('Enter');
    await inner.waitForFunction(`document.querySelector('#size').value === 'large'`);
  }),
);

inSession('a frame of another site asks for files, and hears when it gets none', (test) =>
  withFrames(test, async (watched, inner) => {
    const { view } = watched;
    await view.mouse.click(...(await spotIn(watched, inner, '#file')));
    await view.waitForSelector('#files[open]');
    const [chooser] = await Promise.all([view.waitForFileChooser(), view.click('#files-choose')]);
    await chooser.accept([new URL('./cast-of-frames.test.ts', import.meta.url).pathname]);
    await inner.waitForFunction(`document.body.dataset.files === 'cast-of-frames.test.ts'`);
    await view.mouse.click(...(await spotIn(watched, inner, '#file')));
    await view.waitForSelector('#files[open]');
    await view.click('#files-cancel');
    await inner.waitForFunction(`document.body.dataset.files === 'none'`);
    await view.mouse.click(...(await spotIn(watched, inner, '#file')));
    await view.waitForSelector('#files[open]');
    await watched.page.$eval('#b', (frame) => frame.remove());
    await view.waitForSelector('#files:not([open])');
  }),
);

const SQUARES = `<style>body{margin:0}i{position:absolute;width:10px;height:10px;background:red}</style>
<i style="left:0;top:0"></i><i style="right:0;top:0"></i><i id=low style="left:50%;bottom:0"></i><script>
  window.told = [];
  for (const name of ['click', 'touchstart']) addEventListener(name, (event) => {
    const { clientX, clientY } = event.touches?.[0] ?? event;
    told.push(name + ' ' + Math.round(clientX) + ' ' + Math.round(clientY));
  });
</script>`;

/** A phone with a page that is made for it, and with one that is not: that one is shown smaller than it is. */
for (const [what, head] of [
  ['made for phones', '<meta name=viewport content="width=device-width">'],
  ['made for desktops', ''],
] as const)
  inSession(`a phone’s page ${what} is clicked and touched at the very pixel`, (test) =>
    withView(
      test,
      {
        url: asUrl(`<!doctype html><title>Phone</title>${head}${SQUARES}`),
        viewport: { width: 390, height: 844, deviceScaleFactor: 3, isMobile: true, hasTouch: true },
      },
      async (watched) => {
        const { page, view } = watched;
        const [width, height] = (await page.evaluate(
          '[visualViewport.width * visualViewport.scale, visualViewport.height * visualViewport.scale]',
        )) as [number, number];
        assert.equal([Math.round(width), Math.round(height)], [390, 844]);
        const layout = (await page.evaluate('[visualViewport.width, visualViewport.height]')) as [
          number,
          number,
        ];
        const shape = await view.$eval('#picture', (element) => {
          const box = element.getBoundingClientRect();
          return box.width / box.height;
        });
        assert.ok(Math.abs(shape - 390 / 844) < 0.01, `${shape}`);
        const at = [
          [0.25, 0.25],
          [0.9, 0.1],
          [0.5, 0.95],
        ] as const;
        const cdp = await view.createCDPSession();
        const touch = (type: 'touchStart' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
          cdp.send('Input.dispatchTouchEvent', { type, touchPoints });
        // Touches last: each has a click of its own, some time later.
        for (const name of ['click', 'touchstart'] as const)
          for (const [x, y] of at) {
            await page.evaluate('told.length = 0');
            const spot = await screenSpotOf(view, { x, y });
            if (name === 'click') await view.mouse.click(...spot);
            else {
              await touch('touchStart', { x: spot[0], y: spot[1] });
              await touch('touchEnd');
            }
            await becomes(page, `told.some((each) => each.startsWith('${name}'))`);
            const said =
              ((await page.evaluate('told')) as string[]).find((each) => each.startsWith(name)) ?? '';
            const [, atX = 0, atY = 0] = said.split(' ').map(Number);
            // A pixel of the viewer's screen is some of the page's.
            const pixel = layout[1] / 550 + 1;
            assert.ok(
              Math.abs(atX - x * layout[0]) <= pixel && Math.abs(atY - y * layout[1]) <= pixel,
              `${said}, not at ${x}, ${y} of ${layout.join()}`,
            );
          }
      },
    ),
  );

suiteOfSessions.run();
