import { ACTIONS } from "../actions.js";
import { number, strings } from "../locale/locale.js";
import type { Flow } from "../protocol.js";
import { KINDS } from "../settings.js";
import { setFilter, view } from "../state.js";

const WIDTH = 900;
const BAR = 10;
const GAP = 6;
const LEFT = 190;
const MIDDLE = 450;
const RIGHT = 690;
/** However few there are, they are seen, and have room for their name. */
const LEAST = 15;

interface Node {
  readonly name: string;
  readonly count: number;
  readonly y: number;
  readonly height: number;
}

/** Where activities go: from kind through action to reason. */
export function FlowPicture({ flows }: { flows: readonly Flow[] }) {
  const words = strings.value;
  const kinds = nodesOf(flows, (flow) => flow.kind, [...KINDS]);
  const actions = nodesOf(flows, (flow) => flow.action, [...ACTIONS]);
  const reasons = nodesOf(flows, (flow) => flow.reason, reasonsInOrder(flows));
  const height = Math.max(...[kinds, actions, reasons].map((nodes) => (nodes.at(-1)?.y ?? 0) + (nodes.at(-1)?.height ?? 0)), 40);
  return (
    <section class="picture wide flow" aria-label={words.pictures.flow}>
      <h3>{words.pictures.flow}</h3>
      <p class="quiet">{words.pictures.flowHint}</p>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
        <Bands from={kinds} to={actions} flows={flows} left={LEFT + BAR} right={MIDDLE} ends={(flow) => [flow.kind, flow.action]} />
        <Bands from={actions} to={reasons} flows={flows} left={MIDDLE + BAR} right={RIGHT} ends={(flow) => [flow.action, flow.reason]} />
        {kinds.map((node) => <Bar key={node.name} node={node} x={LEFT} label={words.kinds[node.name as keyof typeof words.kinds] ?? node.name} isLeft />)}
        {actions.map((node) => <Bar key={node.name} node={node} x={MIDDLE} label={words.actions[node.name as keyof typeof words.actions]} class={node.name} />)}
        {reasons.map((node) => <Bar key={node.name} node={node} x={RIGHT} label={words.reasons[node.name as keyof typeof words.reasons]} />)}
      </svg>
      <FlowTable flows={flows} />
    </section>
  );
}

/** The same in words, and a way to the activities of each. */
function FlowTable({ flows }: { flows: readonly Flow[] }) {
  const words = strings.value;
  return (
    <details open={matchMedia("(max-width: 50rem)").matches}>
      <summary>{words.pictures.asTable}</summary>
      <table class="plain">
        <thead>
          <tr><th scope="col">{words.result.kind}</th><th scope="col">{words.result.action}</th><th scope="col">{words.result.reason}</th><th scope="col">{words.result.table}</th></tr>
        </thead>
        <tbody>
          {flows.map((flow) => (
            <tr key={`${flow.kind} ${flow.action} ${flow.reason}`}>
              <th scope="row">{words.kinds[flow.kind as keyof typeof words.kinds] ?? flow.kind}</th>
              <td>{words.actions[flow.action as keyof typeof words.actions]}</td>
              <td>{words.reasons[flow.reason as keyof typeof words.reasons]}</td>
              <td><button type="button" onClick={() => show(flow)}>{number(flow.count)}</button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function show({ kind, action, reason }: Flow): void {
  setFilter("kind", kind);
  setFilter("action", action);
  setFilter("reason", reason);
  view.value = "table";
}

function reasonsInOrder(flows: readonly Flow[]): string[] {
  const inOrder = [...flows].sort((one, other) => order(one.action) - order(other.action) || other.count - one.count);
  return [...new Set(inOrder.map(({ reason }) => reason))];
}

const order = (action: string) => ACTIONS.findIndex((one) => one === action);

/** As high as there are activities, with room for their names. */
function nodesOf(flows: readonly Flow[], nameOf: (flow: Flow) => string, names: readonly string[]): Node[] {
  const all = flows.reduce((sum, { count }) => sum + count, 0);
  const counts = new Map<string, number>();
  for (const flow of flows) counts.set(nameOf(flow), (counts.get(nameOf(flow)) ?? 0) + flow.count);
  let y = 0;
  return names.filter((name) => counts.has(name)).map((name) => {
    const count = counts.get(name) ?? 0;
    const node = { name, count, y, height: Math.max(LEAST, (count / Math.max(1, all)) * 220) };
    y += node.height + GAP;
    return node;
  });
}

interface BandsProps {
  readonly from: readonly Node[];
  readonly to: readonly Node[];
  readonly flows: readonly Flow[];
  readonly left: number;
  readonly right: number;
  readonly ends: (flow: Flow) => [string, string];
}

function Bands({ from, to, flows, left, right, ends }: BandsProps) {
  const used = new Map<Node, number>();
  /** The next part of a node's edge that is as long as the share that passes there. */
  const part = (node: Node, count: number): [number, number] => {
    const start = used.get(node) ?? node.y;
    const end = start + (count / node.count) * node.height;
    used.set(node, end);
    return [start, end];
  };
  const sums = new Map<string, { one: string; other: string; action: string; count: number }>();
  for (const flow of flows) {
    const [one, other] = ends(flow);
    const sum = sums.get(`${one} ${other}`) ?? { one, other, action: flow.action, count: 0 };
    sums.set(`${one} ${other}`, { ...sum, count: sum.count + flow.count });
  }
  const placed = from.flatMap((start) => to.flatMap((end) => {
    const sum = sums.get(`${start.name} ${end.name}`);
    return sum === undefined ? [] : [{ sum, from: part(start, sum.count), to: part(end, sum.count) }];
  }));
  const middle = (left + right) / 2;
  return (
    <>
      {placed.map(({ sum, from: [top, bottom], to: [otherTop, otherBottom] }) => (
        <path
          key={`${sum.one} ${sum.other}`}
          class={`band ${sum.action}`}
          d={`M${left} ${top}C${middle} ${top} ${middle} ${otherTop} ${right} ${otherTop}V${otherBottom}C${middle} ${otherBottom} ${middle} ${bottom} ${left} ${bottom}Z`}
        />
      ))}
    </>
  );
}

function Bar({ node, x, label, isLeft = false, ...rest }: { node: Node; x: number; label: string; isLeft?: boolean; class?: string }) {
  const middle = node.y + node.height / 2 + 4;
  return (
    <g {...rest}>
      <rect class="bar" x={x} y={node.y} width={BAR} height={node.height} />
      <text x={isLeft ? x - 8 : x + BAR + 8} y={middle} class={isLeft ? "end" : undefined}>{label} <tspan class="quiet">{number(node.count)}</tspan></text>
    </g>
  );
}
