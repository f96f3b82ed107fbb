/** Where what a function does and what the Terraform gives it part ways. */
import {
  DEAD_LETTER_ACTIONS,
  FOREIGN_VARIABLES,
  ONLY_WHEN_CONNECTED,
  RUNTIME_ACTIONS,
  STREAM_ACTIONS,
  UNNAMED_RESOURCES,
} from './actions.ts';
import type { Grants } from './grants.ts';
import type { ActionNeed, Needs } from './needs.ts';
import { namesOf } from './resource-names.ts';

/** How clients reach sessions: the platform's two forms. */
export type Connect = 'direct' | 'router';
export type GrantsByConnect = Readonly<Record<Connect, Grants>>;

/** One sentence for each difference, with function, file, and what is missing or too much. */
export function differences(name: string, needs: Needs, grants: GrantsByConnect): string[] {
  return [
    ...needs.riddles.map((riddle) => `${name}: ${riddle}`),
    ...(['direct', 'router'] as const).flatMap((connect) => {
      const given = grants[connect];
      return [
        ...actionFaults(needs, given, connect),
        ...indexFaults(needs, given),
        ...resourceFaults(given),
        ...variableFaults(needs, given),
      ].map((fault) => `${name}, connect = "${connect}", ${given.file}: ${fault}`);
    }),
    ...neverSet(needs, grants).map((fault) => `${name}, ${grants.direct.file}: ${fault}`),
  ];
}

const allowed = ({ statements }: Grants): ReadonlySet<string> =>
  new Set(statements.flatMap(({ Action }) => Action));

function actionFaults(needs: Needs, given: Grants, connect: Connect): string[] {
  const wanted: readonly ActionNeed[] = [
    ...needs.actions.filter(({ action }) => (ONLY_WHEN_CONNECTED[action] ?? connect) === connect),
    ...RUNTIME_ACTIONS,
    ...(given.isFedByStream ? STREAM_ACTIONS : []),
    ...(given.hasDeadLetters ? DEAD_LETTER_ACTIONS : []),
  ];
  const has = allowed(given);
  const missing = wanted.filter(({ action }) => !has.has(action));
  const extra = [...has].filter((action) => !wanted.some((each) => each.action === action));
  return [
    ...missing.map(({ action, because }) => `its role lacks ${action} (${because})`),
    ...extra.map((action) => `its role has ${action}, and nothing in ${needs.entry} needs it`),
    ...given.statements
      .filter(({ Effect }) => Effect !== 'Allow')
      .map(({ Effect }) => `its role has a statement of effect ${Effect}, and this test reads Allow only`),
    ...given.statements
      .filter(({ Resource }) => Resource.includes('*'))
      .flatMap(({ Action }) => Action)
      .filter((action) => UNNAMED_RESOURCES[action] === undefined)
      .map((action) => `its role has ${action} on every resource`),
  ];
}

function indexFaults({ indexes, entry }: Needs, given: Grants): string[] {
  const has = given.statements.flatMap(({ Resource }) =>
    Resource.flatMap((arn) => /\/index\/(.+)$/.exec(arn)?.[1] ?? []),
  );
  return [
    ...indexes.filter((index) => !has.includes(index)).map((index) => `its role lacks the index ${index}`),
    ...has
      .filter((index) => !indexes.includes(index))
      .map((index) => `its role has the index ${index}, and nothing in ${entry} queries it`),
  ];
}

// Not told to the function: what its runtime uses in its name, and the role that it hands on.
const UNTOLD = /^(logs|xray|iam|ec2):/;

/** A role speaks of what the environment names, and the environment names what the role speaks of. */
function resourceFaults(given: Grants): string[] {
  const told = Object.values(given.environment).flatMap((value) => value.split(','));
  const runtime = [
    ...(given.isFedByStream ? STREAM_ACTIONS : []),
    ...(given.hasDeadLetters ? DEAD_LETTER_ACTIONS : []),
  ].map(({ action }) => action);
  return given.statements
    .filter(({ Action }) => !Action.every((action) => UNTOLD.test(action) || runtime.includes(action)))
    .flatMap(({ Action, Resource }) =>
      Resource.filter((arn) => arn !== '*' && !namesOf(arn).some((name) => told.includes(name))).map(
        (arn) => `its role has ${Action.join(', ')} on ${arn}, and no variable names that`,
      ),
    );
}

function variableFaults(needs: Needs, given: Grants): string[] {
  const set = Object.keys(given.environment);
  const missing = needs.variables.filter(({ name, isOptional }) => !isOptional && !set.includes(name));
  const extra = set.filter((name) => !needs.variables.some((variable) => variable.name === name));
  const spoken = given.statements.flatMap(({ Resource }) => Resource.flatMap(namesOf));
  const useless = Object.entries(given.environment).filter(
    ([name, value]) =>
      NAMES_A_RESOURCE.test(name) && !value.split(',').every((each) => spoken.includes(each)),
  );
  return [
    ...missing.map(({ name }) => `${needs.entry} reads ${name}, and Terraform does not set it`),
    ...extra.map((name) => `Terraform sets ${name}, and ${needs.entry} does not read it`),
    ...useless.map(([name]) => `${name} names what its role has no right on`),
  ];
}

const NAMES_A_RESOURCE = /_(TABLE|BUCKET|SECRET|TOPIC_ARN|QUEUE_URLS|BUS)$|^(CLUSTER|TASK_DEFINITION)$/;

/** An optional variable that no form of the platform sets is one that nobody needs. */
const neverSet = ({ variables, entry }: Needs, grants: GrantsByConnect): string[] =>
  variables
    .filter(({ isOptional }) => isOptional)
    .filter(({ name }) => FOREIGN_VARIABLES[name] === undefined)
    .filter(({ name }) => Object.values(grants).every(({ environment }) => environment[name] === undefined))
    .map(({ name }) => `${entry} reads ${name}, and Terraform never sets it`);
