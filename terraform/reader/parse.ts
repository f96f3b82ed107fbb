/** Files of Terraform as syntax. The grammar is tree-sitter's; expressions are read when somebody asks for them. */
import { fileURLToPath } from 'node:url';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { type Block, type Body, TerraformFault } from './expression.ts';
import { toExpression } from './to-expression.ts';

/** Reads the text of one file; `path` is for faults. */
export type Parse = (path: string, text: string) => Body;

const GRAMMAR = '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm';
const EMPTY: Body = { attributes: new Map(), blocks: [] };

export async function createTerraformParser(): Promise<Parse> {
  await Parser.init();
  const parser = new Parser().setLanguage(await Language.load(fileURLToPath(import.meta.resolve(GRAMMAR))));
  return (path, text) => {
    const root = parser.parse(text)?.rootNode;
    if (root === undefined) throw new TerraformFault(path, 'it cannot be parsed');
    if (root.hasError) throw new TerraformFault(positionOf(path, firstFault(root)), 'this is no Terraform');
    return readBody(path, root.namedChildren.find(isOfType('body')));
  };
}

const isOfType =
  (type: string) =>
  (node: Node | null): node is Node =>
    node?.type === type;

const positionOf = (path: string, node: Node): string => `${path}:${node.startPosition.row + 1}`;

/** tree-sitter goes on after a fault and marks it; the innermost mark is the nearest to it. */
function firstFault(node: Node): Node {
  const inner = node.children.find((child) => child?.hasError || child?.isMissing);
  return inner ? firstFault(inner) : node;
}

function readBody(path: string, body: Node | undefined): Body {
  if (body === undefined) return EMPTY;
  const children = body.namedChildren;
  return {
    attributes: new Map(
      children.filter(isOfType('attribute')).map((attribute) => {
        const [name, value] = attribute.namedChildren.filter((child) => child.type !== 'comment');
        return [name?.text ?? '', () => toExpression(path, value)];
      }),
    ),
    blocks: children.filter(isOfType('block')).map((block) => readBlock(path, block)),
  };
}

function readBlock(path: string, block: Node): Block {
  const [type, ...rest] = block.namedChildren;
  return {
    type: type?.text ?? '',
    labels: rest.filter(isOfType('string_lit')).map((label) => label.text.slice(1, -1)),
    body: readBody(path, rest.find(isOfType('body'))),
    at: positionOf(path, block),
  };
}
