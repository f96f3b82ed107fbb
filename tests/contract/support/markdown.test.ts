import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeSpans, fencedBlocks, localLinks, longSentences, proseBlocks, tableRows } from './markdown.ts';

const PAGE = `# A page

One line
and its next. See [the other](other.md#part), [this](#here) and [a site](https://example.com/).

- an item with \`some code\`
- another

    indented code. It is no prose

| a | b |
|---|---|
| 1 | \`x \\| y\` |

\`\`\`js
const fenced = 'code'; // \`no span\`
\`\`\`
The end.
`;

const markdown = suite('markdown');

markdown('prose is paragraphs, items and headings; code and tables are none', () => {
  assert.equal(proseBlocks(PAGE), [
    'A page',
    'One line and its next. See [the other](other.md#part), [this](#here) and [a site](https://example.com/).',
    'an item with `some code`',
    'another',
    'The end.',
  ]);
});

markdown('blocks, rows, spans and links are found', () => {
  assert.equal(fencedBlocks(PAGE, 'js'), ["const fenced = 'code'; // `no span`\n"]);
  assert.equal(fencedBlocks(PAGE, 'ts'), []);
  assert.equal(tableRows(PAGE), [
    ['a', 'b'],
    ['---', '---'],
    ['1', '`x \\| y`'],
  ]);
  assert.equal(codeSpans(PAGE), ['some code', 'x \\| y']);
  assert.equal(localLinks(PAGE), ['other.md']);
});

markdown('a sentence is as long as its words, over line ends and through links', () => {
  assert.equal(longSentences('One two three.\nFour [five six](a-b.md) seven. Eight.', 3), [
    'Four five six seven.',
  ]);
  assert.equal(longSentences('- one two\n- three four', 3), [], 'two items are two sentences');
  assert.equal(longSentences('one `a b c d e` three', 3), [], 'code is one word');
  assert.equal(longSentences('one — two / three', 3), [], 'a sign is no word');
  assert.equal(longSentences('Version 1.2.3 is it. **Bold two three.**', 4), []);
});

markdown.run();
