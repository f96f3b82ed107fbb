/** The policy documents of a plan: of roles, of whom they trust, and of what others may do with a resource. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonFact } from '../../../terraform/reader/fact.ts';
import type { Module } from '../../../terraform/reader/module.ts';

type OneOrMore = string | readonly string[];

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  /** As Terraform tells it, with the argument: `module.sessions.aws_sqs_queue_policy.main: policy`. */
  readonly name: string;
  readonly at: string;
  readonly statements: readonly PolicyStatement[];
}

const ARGUMENTS = ['policy', 'policy_document', 'assume_role_policy'] as const;
// Their policies are none of IAM's.
const FOREIGN_TYPES = /^aws_ecr_lifecycle_policy$/;
const RESOURCE = /^resource "(\w+)" .*\{\n([\s\S]*?)^\}/gm;
const HAS_DOCUMENT = new RegExp(`^ +(${ARGUMENTS.join('|')}) += `, 'm');

/** The types of the resources of `root` that have a policy document. */
export const documentTypes = (root: string): readonly string[] => [
  ...new Set(
    globSync('terraform/**/*.tf', { cwd: root })
      .flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(RESOURCE)])
      .filter(([, type = '', body = '']) => HAS_DOCUMENT.test(body) && !FOREIGN_TYPES.test(type))
      .map(([, type = '']) => type),
  ),
];

export const readDocuments = (plan: Module, types: readonly string[]): PolicyDocument[] =>
  types
    .flatMap((type) => plan.resources(type))
    .flatMap((resource) =>
      ARGUMENTS.filter((argument) => resource.get(argument) !== null).map((argument) => ({
        name: `${resource.address}: ${argument}`,
        at: resource.at,
        statements: jsonFact<{ Statement: readonly PolicyStatement[] }>(resource, argument).Statement,
      })),
    );

export const listOf = (value: OneOrMore | undefined): readonly string[] => [value ?? []].flat();
