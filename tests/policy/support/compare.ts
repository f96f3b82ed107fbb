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
        ...resourceFaults(given),
        ...variableFaults(needs, given),
      ].map((fault) => `${name}, connect = "${connect}", ${given.file}: ${fault}`);
    }),
    ...neverSet(needs, grants).map((fault) => `${name}, ${grants.direct.file}: ${fault}`),
  ];
}

/** What a statement of a role comes to: an action, and of DynamoDB the table too, by the variable that names it. */
export interface Right {
  readonly action: string;
  readonly on?: string;
}

export function rightsOf({ statements, environment }: Pick<Grants, 'statements' | 'environment'>): Right[] {
  return statements.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) =>
      isOfTable(action) ? Resource.map((arn) => ({ action, on: tableOf(arn, environment) })) : [{ action }],
    ),
  );
}

const isOfTable = (action: string): boolean =>
  action.startsWith('dynamodb:') && !STREAM_ACTIONS.some((each) => each.action === action);

/** `SESSIONS_TABLE/index/by-name` for the ARN of that; the ARN itself where no variable names its table. */
function tableOf(arn: string, environment: Grants['environment']): string {
  const [, table, below = ''] = /:table\/([^/]+)(\/.*)?$/.exec(arn) ?? [];
  const variable = Object.entries(environment).find(([, value]) => value === table)?.[0];
  return variable === undefined ? arn : `${variable}${below}`;
}

const isSame = (one: Right, other: Right): boolean => one.action === other.action && one.on === other.on;
const said = ({ action, on }: Right): string => (on === undefined ? action : `${action} on ${on}`);

function actionFaults(needs: Needs, given: Grants, connect: Connect): string[] {
  const wanted: readonly ActionNeed[] = [
    ...needs.actions.filter(({ action }) => (ONLY_WHEN_CONNECTED[action] ?? connect) === connect),
    ...RUNTIME_ACTIONS,
    ...(given.isFedByStream ? STREAM_ACTIONS : []),
    ...(given.hasDeadLetters ? DEAD_LETTER_ACTIONS : []),
  ];
  const has = rightsOf(given);
  const missing = wanted.filter((need) => !has.some((right) => isSame(right, need)));
  const extra = has.filter((right) => !wanted.some((need) => isSame(right, need)));
  return [
    ...missing.map((need) => `its role lacks ${said(need)} (${need.because})`),
    ...extra.map((right) => `its role has ${said(right)}, and nothing in ${needs.entry} needs it`),
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
