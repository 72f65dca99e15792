/* ---- the file's data ---- */

const setting = document.body.dataset;

/* The text of a data block, which is dropped, and its attributes. */
function takeBlock(id) {
	const element = document.getElementById(id);
	element.remove();
	return {text: element.textContent, count: Number(element.dataset.count), data: element.dataset};
}
function readSource({text, count, data}) {
	const [whole, compared, timed] = [data.whole, data.compared, data.timed].map((value) => value === "1");
	return {...readTree(text, count, {whole, compared, timed}), timed};
}
/* Names of the first frames (threads): not all, if nobody could choose from so many. */
function rootNames(tree) {
	const roots = new Set();
	for (let i = 1; i < tree.count && roots.size < 1000; i++)
		if (!tree.parent[i])
			roots.add(tree.name[i]);
	return Array.from(roots);
}

const nameBlock = takeBlock("names"), names = readNames(nameBlock.text, nameBlock.count), nameCount = nameBlock.count;
const source = readSource(takeBlock("frames")), roots = rootNames(source);
const views = {name: "By name", heavy: "Heaviest first", ...(source.timed && {time: "Time order"}),
	callers: "Callers (leaf first)"};
const colorings = {name: "Colour: name",
	...(source.old && {self: "Colour: change of self", total: "Colour: change of total"})};

/* ---- the state: what was asked for; it stands in the address's hash ---- */

const initial = {
	view: source.timed ? "time" : setting.sort === "total" ? "heavy" : "name",
	icicle: setting.inverted === "1",
	zoom: "", /* see keyOf */
	span: "", /* "FROM-TO": the part of the zoomed frame that is shown, if it is not the whole */
	search: setting.search,
	ignoreCase: false,
	thread: -1, /* numbers of names; -1: none */
	focus: -1,
	hidden: [],
	color: source.old ? "self" : "name",
	functions: false, /* the table is open */
	chosen: -1, /* in the table */
};
const letters = {view: "v", icicle: "i", zoom: "z", span: "x", search: "s", ignoreCase: "c", thread: "t", focus: "f",
	hidden: "h", color: "d", functions: "p", chosen: "n"};
const state = {...initial};

function encodeState() {
	const parameters = new URLSearchParams();
	for (const [key, letter] of Object.entries(letters))
		if (String(state[key]) !== String(initial[key]))
			parameters.set(letter, typeof state[key] === "boolean" ? Number(state[key]) : state[key]);
	return parameters.toString();
}
function decodeId(text) {
	const id = Number(text);
	return Number.isInteger(id) && id >= 0 && id < nameCount ? id : -1;
}
function decodeIds(text, separator) {
	return text.split(separator).filter(Boolean).map(decodeId).filter((id) => id >= 0);
}
function decodeValue(text, usual) {
	if (typeof usual === "boolean")
		return text === "1";
	if (typeof usual === "number")
		return decodeId(text);
	return Array.isArray(usual) ? decodeIds(text, ",") : text;
}
/* The state in a hash. It may come from anywhere. */
function decodeState(hash) {
	const parameters = new URLSearchParams(hash), decoded = {...initial};
	for (const [key, letter] of Object.entries(letters))
		if (parameters.has(letter))
			decoded[key] = decodeValue(parameters.get(letter), initial[key]);
	decoded.view = decoded.view in views ? decoded.view : initial.view;
	decoded.color = decoded.color in colorings ? decoded.color : initial.color;
	return decoded;
}
/* How many steps Back can take. */
function stepsBack() {
	return (history.state && history.state.steps) || 0;
}
/* Puts the state into the address; as a new step, or in the place of the newest. */
function saveState(newStep) {
	const address = "#" + encodeState();
	if (address === (location.hash || "#"))
		return;
	if (newStep)
		history.pushState({steps: stepsBack() + 1}, "", address);
	else
		history.replaceState({steps: stepsBack()}, "", address);
}

/* ---- from the state to the graph: what did not change is not made again ---- */

const newest = new Map();
let tree = source, treeKey = "", graph = null, graphKey = "", zoomed = 0;

/* The value of make() for that key; of each kind the newest is kept. */
function once(kind, key, make) {
	if (!newest.has(kind) || newest.get(kind).key !== key)
		newest.set(kind, {key, value: make()});
	return newest.get(kind).value;
}
function makeTree() {
	const {thread, hidden, focus, view} = state, timed = view === "time";
	const merged = !timed && (source.timed || focus >= 0);
	if (!merged && thread < 0 && focus < 0 && !hidden.length)
		return source;
	return filterTree(source, {thread, hidden, focus, merged});
}
/* The graph of callers depends on the zoom; the whole one is kept beside the newest part. */
function makeGraph() {
	const path = state.view === "callers" ? state.zoom : "";
	treeKey = [state.view === "time", state.thread, state.focus, state.hidden].join(";");
	tree = once("tree", treeKey, makeTree);
	graphKey = [treeKey, state.view, path].join(";");
	graph = once(path ? "part" : state.view, graphKey, () => state.view === "callers"
		? callersGraph(tree, nameCount, decodeIds(path, ".")) : layOut(tree, state.view));
	zoomed = frameOfKey(state.zoom);
}
/* A frame in the address: its number, or in the graph of callers the names that lead to it. */
function keyOf(frame) {
	if (state.view === "callers")
		return Array.from(pathTo(graph, frame).subarray(1), (step) => graph.name[step]).join(".");
	return frame ? String(frame) : "";
}
function frameOfKey(key) {
	if (state.view === "callers")
		return graph.rows[Math.min(decodeIds(key, ".").length, graph.rows.length - 2)];
	const frame = Number(key);
	return Number.isInteger(frame) && frame > 0 && frame < graph.count ? frame : 0;
}

/* Which names match, or null without a search (then the function chosen in the table does), and whether the
 * expression is a bad one. */
function findNames() {
	const {search, ignoreCase, functions, chosen} = state;
	const only = () => Uint8Array.from(names.texts, (_, id) => id === chosen ? 1 : 0);
	if (!search)
		return {matches: functions && chosen >= 0 ? only() : null, bad: false};
	try {
		return {matches: matchNames(names.texts, new RegExp(search, ignoreCase ? "i" : "")), bad: false};
	} catch (e) {
		return {matches: null, bad: true};
	}
}
function currentMatches() {
	const {search, ignoreCase, functions, chosen} = state, key = [search, ignoreCase, functions, chosen].join(";");
	const {matches, bad} = once("matches", key, findNames);
	const counts = matches && once("counts", [key, graphKey].join(";"), () => countMatches(graph, matches));
	return {matches, bad, counts, key};
}

/* The change of a weight at a frame, with the sign asked for. */
function changeAt(old, now, frame) {
	return (now[frame] - old[frame]) * (setting.negate === "1" ? -1 : 1);
}
/* Each frame's change as a share of the largest, or null if frames are coloured by name. */
function makeDelta() {
	const [now, old] = state.color === "self" ? [graph.self, graph.old] : [graph.total, graph.oldTotal];
	if (state.color === "name" || !source.old)
		return null;
	let most = 0;
	for (let i = 1; old && i < graph.count; i++)
		most = Math.max(most, Math.abs(now[i] - old[i]));
	return (frame) => most ? changeAt(old, now, frame) / most : 0;
}

/* ---- numbers and names in words ---- */

const durations = source.timed && setting.countName === "samples"; /* weights are microseconds */

/* With two digits behind the point, or as many as tell steps of `step` apart. */
function showNumber(value, step = 0.01) {
	const digits = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
	return value.toLocaleString("en-US", {maximumFractionDigits: digits});
}
function showWeight(weight, step) {
	const [unit, size] = weight < 1e3 ? ["\u00b5s", 1] : weight < 1e6 ? ["ms", 1e3] : ["s", 1e6];
	if (durations)
		return `${showNumber(weight / size, step && step / size)} ${unit}`;
	return showNumber(weight * Number(setting.factor), step && step * Number(setting.factor));
}
function showCount(weight) {
	const number = showWeight(weight), one = number === "1" && setting.countName === "samples";
	return durations ? number : `${number} ${one ? "sample" : setting.countName}`;
}
/* Of all that the filters leave. */
function showPercent(weight) {
	return (graph.total[0] ? 100 * weight / graph.total[0] : 0).toFixed(2) + "%";
}
function showChange(weight) {
	return (weight > 0 ? "+" : weight < 0 ? "\u2212" : "\u00b1") + showWeight(Math.abs(weight));
}
const LONGEST = 2000; /* letters of a name: browsers die of longer texts in narrow boxes */

function wholeName(id) {
	return id < 0 ? "all" : labelOf(names.texts[id]);
}
function nameOf(id) {
	const name = wholeName(id);
	return name.length > LONGEST ? name.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "") + "\u2026" : name;
}
/* The whole name, where nameOf cuts it; or null. */
function titleOf(id) {
	const name = wholeName(id);
	return name.length > LONGEST ? name : null;
}
/* "main (90 samples, 45.00%; self 5, 2.50%)" */
function describe(frame) {
	const {name, total, self, old, oldTotal, start, parent} = graph;
	let text = `${frame ? nameOf(name[frame]) : "all"} (${showCount(total[frame])}, ${showPercent(total[frame])}`;
	if (self && self[frame] > 0 && self[frame] < total[frame])
		text += `; self ${showWeight(self[frame])}, ${showPercent(self[frame])}`;
	if (state.view === "time" && frame && parent[frame])
		text += `; ${durations ? "after" : "at"} ${showWeight(start[frame] - start[pathTo(graph, frame)[1]])}`;
	if (oldTotal)
		text += `; change ${showChange(changeAt(oldTotal, total, frame))}`;
	if (old && old[frame] !== self[frame])
		text += `, of self ${showChange(changeAt(old, self, frame))}`;
	return text + ")";
}
