import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { htmlToMarkdown } from './html-to-markdown.ts';
import { MarkdownTooLongError } from './markdown-writer.ts';
import { MAX_DEPTH, PageTooDeepError } from './parse-html.ts';

const toMarkdown = (html: string) => htmlToMarkdown(html, 'https://site.example/folder/page?q=1').trimEnd();

const markdown = suite('a page as Markdown');

for (const [what, html, expected] of [
  ['paragraphs', '<p>One\n  two</p><p>three', 'One two\n\nthree'],
  ['headings', '<h1>A <em>b</em></h1><h3>c<br>d</h3>', '# A *b*\n\n### c d'],
  ['marks', 'a<b> bold </b>b <i>c</i><s>d</s><b></b>', 'a **bold** b *c*~~d~~'],
  ['marks over blocks', '<b>a<p>b</p></b>c', '**a**\n\n**b**\n\nc'],
  ['links', '<a href="../x y?a=(1)">to <b>x</b></a>', '[to **x**](https://site.example/x%20y?a=%281%29)'],
  ['a link after an exclamation', 'Look!<a href=/a>a</a>', 'Look\\![a](https://site.example/a)'],
  ['links that lead nowhere', '<a href="javascript:x()">a</a> <a name=b>b</a><a href=/c></a>', 'a b'],
  ['a base', '<base href="https://other.example/d/"><a href=e>e</a>', '[e](https://other.example/d/e)'],
  ['pictures', '<img src=a.png alt="An [a]"><img>', '![An \\[a\\]](https://site.example/folder/a.png)'],
  ['line breaks', '<p>a<br>b<br></p>', 'a\\\nb'],
  [
    'lists',
    '<p>x</p><ul><li>a<li>b<ul><li>c</ul><li><p>d</p><p>e</p></ul><p>y',
    'x\n\n- a\n- b\n  - c\n- d\n\n  e\n\ny',
  ],
  ['numbered lists', '<ol start=9><li>a<li>b</ol>', '9. a\n10. b'],
  ['quotes', '<blockquote><p>a</p><p>b</p></blockquote>c', '> a\n>\n> b\n\nc'],
  ['a quote in an item', '<ul><li>a<blockquote>b</blockquote></ul>', '- a\n\n  > b'],
  ['code', 'use <code>a`b</code> and <kbd>  c </kbd>', 'use ``a`b`` and `c`'],
  [
    'blocks of code',
    '<pre><code class="x language-js">\nif (a &lt; b) {\n  c();\n}\n</code></pre>',
    '```js\nif (a < b) {\n  c();\n}\n```',
  ],
  ['a fence in code', '<pre>```\nx</pre>', '````\n```\nx\n````'],
  [
    'tables',
    '<table><thead><tr><th>a<th>b</thead><tr><td>1|<td><b>2</b></td><tr><td>3</table>',
    '| a | b |\n| --- | --- |\n| 1\\| | **2** |\n| 3 |',
  ],
  ['layouts', '<table><tr><td><p>a</p><p>b</p><td>c</table>', 'a\n\nb\n\nc'],
  ['a table in a table', '<table><tr><td>a<td><table><tr><td>b<td>c</table></table>', 'a\n\nb\n\nc'],
  ['rules', 'a<hr>b', 'a\n\n---\n\nb'],
  [
    'what nobody sees',
    '<head><title>t</title><style>s</style></head><script>x</script><p hidden>h</p><div style="display: none">d</div>v',
    'v',
  ],
  [
    'texts that look like Markdown',
    '<p># a</p><p>1. b</p><p>- c</p><p>*d* [e] _f_ &lt;g&gt; ~h~</p><p>---</p>',
    '\\# a\n\n1\\. b\n\n\\- c\n\n\\*d\\* \\[e\\] \\_f\\_ \\<g\\> \\~h\\~\n\n\\---',
  ],
  ['entities and what is broken', '&amp;&nbsp;&#x41;</p></x><b>c', '& A\n\n**c**'],
  ['nothing', '', ''],
] as const) {
  markdown(`has ${what}`, () => {
    assert.is(toMarkdown(html), expected);
  });
}

markdown('refuses a page that is nested without end', () => {
  assert.ok(toMarkdown(`${'<i>'.repeat(MAX_DEPTH)}x`).includes('x'));
  assert.throws(
    () => toMarkdown('<div>'.repeat(MAX_DEPTH + 1)),
    (error: unknown) => error instanceof PageTooDeepError,
  );
});

markdown('has no break where nothing follows it', () => {
  for (const html of ['<br>', '<b><br></b>', '<p>a<br> <br></p>', '<p>a\\<br>'])
    assert.not.match(toMarkdown(html), /\n./, html);
  assert.is(toMarkdown('<p>a<br> <br></p>'), 'a');
});

markdown('refuses what would be longer than twice the page', () => {
  const longer = (html: string) =>
    assert.throws(
      () => htmlToMarkdown(html, `https://site.example/${'a'.repeat(8_000)}/`),
      (error: unknown) => error instanceof MarkdownTooLongError,
    );
  longer('<a href=b>c</a>'.repeat(1_000));
  longer('<img src=b>'.repeat(1_000));
  longer(`${'<ol start=100000000><li>'.repeat(12)}${'a<br>'.repeat(50_000)}`);
  longer(`<table><tr>${'<td><a href=b>c</a>'.repeat(1_000)}`);
  longer(`${'<b><i><s>'.repeat(4)}${'<p>x'.repeat(200_000)}`);
  assert.ok(toMarkdown('*'.repeat(1_000_000)).length === 2_000_000);
});

// What makes other converters take minutes: here each is a pass over the text, whose length is the measure.
for (const [what, begin, part, end = ''] of [
  ['end tags of nothing', '<b>'.repeat(MAX_DEPTH - 1), '</i>'],
  ['marks around blocks', '<b><i>'.repeat(3), '<p>a</p>'],
  ['items in lists', '<ul><li>'.repeat(5), '<li>x'],
  ['attributes', '<a ', 'x=1 '],
  ['attributes of many names', '<a ', undefined],
  ['blanks', '<p>a', ' '],
  ['backticks', '<code>', '`'],
  ['stars', '', '*'],
  ['open tags', '', '<'],
  ['cells', '<table><tr>', '<td>x'],
  ['rows', `<table><tr>${'<td>x'.repeat(5_000)}`, '<tr><td>y'],
  ['tables', '', '<table><tr><td>x<td>y</table>'],
  ['breaks', 'a', '<br>'],
  ['breaks before a text', 'a', '<br>', 'b'],
  ['links below a long base', `<base href="http://a/${'b'.repeat(25_000)}">`, '<a href=b></a>'],
  ['numbers', '', '1'],
  ['exclamations', '', '!<a href=/>a</a>'],
  ['comments', '', '<!--'],
  ['lines of code', '<pre>', '\n'],
] as const) {
  markdown(`takes time in proportion to the page: ${what}`, () => {
    const ofSize = (bytes: number) => {
      const filler = part === undefined ? numbered(bytes) : part.repeat(bytes / part.length);
      const html = begin + filler + end;
      const startedAt = process.cpuUsage();
      toMarkdown(html);
      const { user, system } = process.cpuUsage(startedAt);
      return (user + system) / html.length;
    };
    ofSize(50_000);
    // Quadratic work would make a byte cost ten times as much; the rest is noise.
    const [small, large] = [Math.max(ofSize(50_000), 0.05), ofSize(500_000)];
    assert.ok(large < 6 * small, `${small} and ${large} microseconds a byte`);
  });
}

const numbered = (bytes: number) => Array.from({ length: bytes / 8 }, (_, at) => `a${at}=`).join(' ');

markdown.run();
