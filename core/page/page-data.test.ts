import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dataOfPage } from './page-data.ts';

const PAGE = `<!doctype html><html lang="en"><head>
<title> A  shop </title><link rel="canonical" href="/shop">
<meta name="description" content="Things"><meta property="og:image" content="https://site.example/i.png">
<meta property="product:price:amount" content="12.50">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "Product", "name": "Lamp", "sku": "L1", "offers": {"@type": "Offer", "price": "19.90", "priceCurrency": "EUR"}},
  {"@type": ["Product", "Thing"], "name": "Chair"}]}</script>
<script type="application/ld+json">{ broken</script>
</head><body><h1>The <em>shop</em></h1><a href="a">One</a><a href="javascript:">Two</a><img src="b.png" alt="B">
<script>document.title = 'another'</script></body></html>`;
const { find } = dataOfPage(PAGE, 'https://site.example/folder/');

const t = suite('what a page declares');

for (const [name, expected] of [
  ['title', 'A shop'],
  ['description', 'Things'],
  ['language', 'en'],
  ['url', 'https://site.example/shop'],
  ['image', 'https://site.example/i.png'],
  ['og:image', 'https://site.example/i.png'],
  ['priceAmount', '12.50'],
  ['headings', ['The shop']],
  [
    'links',
    [
      { text: 'One', href: 'https://site.example/folder/a' },
      { text: 'Two', href: 'javascript:' },
    ],
  ],
  ['images', [{ alt: 'B', src: 'https://site.example/folder/b.png' }]],
  ['name', 'Lamp'],
  ['sku', 'L1'],
  ['price', '19.90'],
  ['price_currency', 'EUR'],
  ['nothing', undefined],
  ['constructor', undefined],
] as const) {
  t(`has its ${name}`, () => {
    assert.equal(find(name), expected);
  });
}

t('has the things of a type', () => {
  const names = (found: unknown) => (found as { name: string }[]).map(({ name }) => name);
  assert.equal(names(find('products')), ['Lamp', 'Chair']);
  assert.equal(names(find('product')), ['Lamp', 'Chair']);
  assert.equal(names(find('things')), ['Chair']);
});

t('is bounded, whatever stands in it', () => {
  const links = '<a href=x>y</a><h2>z</h2><img src=i>'.repeat(3_000);
  const things = JSON.stringify(Array.from({ length: 3_000 }, (_, at) => ({ '@type': 'Thing', at })));
  let deep = '{"@type":"Deep"}';
  for (let level = 0; level < 100; level += 1) deep = `{"@type":"Deep","in":${deep}}`;
  const declare = (text: string) => `<script type="application/ld+json">${text}</script>`;
  const big = dataOfPage(declare(deep) + declare(things) + links, 'https://site.example/');
  for (const name of ['links', 'headings', 'images'])
    assert.is((big.find(name) as unknown[]).length, 2_000, name);
  assert.is((big.find('deeps') as unknown[] | undefined)?.length, 20);
  assert.is((big.find('things') as unknown[]).length, 980);
});

t.run();
