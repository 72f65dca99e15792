// What the page's script makes of its data, against the same by plain lists, on random trees. Needs no browser.
import { readFileSync } from "node:fs";

const parts = ["data", "tree", "callers", "functions"].map((part) => readFileSync(`render/html-${part}.js`, "utf8"));
const wanted = "layOut, filterTree, callersGraph, findFrame, pathTo, matchedTotal, sumFunctions, sumRelatives";
const page = new Function(`"use strict"; ${parts.join("\n")}; return {${wanted}};`)();

const ROUNDS = 400;
let seed = 1;
function random(below) {
	seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
	return (seed >>> 9) % below;
}
const faults = new Map();
function compare(what, got, expected) {
	if (JSON.stringify(got) !== JSON.stringify(expected) && !faults.has(what))
		faults.set(what, [got, expected]);
}

// In preorder, no two siblings of one name.
function randomTree(names) {
	const parent = [0], name = [0], self = [random(2)], path = [0], taken = new Set(), most = 2 + random(60);
	for (let tries = 0; tries < 200 && parent.length < most; tries++) {
		path.length = 1 + random(path.length);
		const child = [path[path.length - 1], random(names)];
		if (taken.has(child.join()))
			continue;
		taken.add(child.join());
		path.push(parent.length);
		parent.push(child[0]);
		name.push(child[1]);
		self.push(random(3) ? random(20) : 0);
	}
	return { count: parent.length, parent: Int32Array.from(parent), name: Int32Array.from(name),
		self: Float64Array.from(self), old: null, before: null };
}
// The stacks as [names from the root, weight].
function stacksOf(tree) {
	const stacks = [];
	for (let i = 0; i < tree.count; i++) {
		const names = [];
		for (let at = i; at; at = tree.parent[at])
			names.unshift(tree.name[at]);
		stacks.push([names, tree.self[i]]);
	}
	return stacks;
}
function sum(pairs) {
	const sums = {};
	for (const [key, weight] of pairs)
		if (weight)
			sums[key] = (sums[key] || 0) + weight;
	return Object.fromEntries(Object.entries(sums).sort());
}
const weigh = (stacks) => stacks.reduce((total, [, weight]) => total + weight, 0);
// What each start of a stack weighs.
const startsOf = (stacks) => sum(stacks.flatMap(([names, weight]) =>
	Array.from({ length: names.length + 1 }, (_, k) => [names.slice(0, k).join(), weight])));
const namesTo = (graph, frame) => Array.from(page.pathTo(graph, frame)).slice(1).map((at) => graph.name[at]);
const framesOf = (graph) => sum(Array.from(graph.total, (total, frame) => [namesTo(graph, frame).join(), total]));

function checkPlaces(order, { parent, first, start, total, name, height, count }) {
	for (let i = 1; i < count; i++) {
		const up = parent[i], left = i > first[up] ? i - 1 : -1;
		const inside = start[i] >= start[up] && start[i] + total[i] <= start[up] + total[up];
		const beside = left < 0 || start[i] >= start[left] + total[left];
		const sorted = left < 0 || order === "time" ||
			(order === "heavy" ? total[left] >= total[i] : name[left] < name[i]);
		const known = i >= first[up] && i < first[up + 1] && height[up] > height[i];
		compare(`places, ${order}`, [inside, beside, sorted, known], [true, true, true, true]);
	}
}
function checkGraph(tree, stacks, names, order) {
	const graph = page.layOut(tree, order), { start, total, rows } = graph;
	compare(`totals, ${order}`, framesOf(graph), startsOf(stacks));
	checkPlaces(order, graph);
	const depth = random(rows.length - 1), x = random(total[0] + 1) + 0.5;
	let found = rows[depth];
	while (found < rows[depth + 1] && start[found] + total[found] <= x)
		found++;
	compare("the frame at a place", page.findFrame(graph, depth, x), found);
	const matches = Uint8Array.from({ length: names }, () => random(3) ? 0 : 1);
	const top = random(graph.count), under = namesTo(graph, top);
	const matching = stacks.filter(([path]) => under.every((name, k) => path[k] === name) &&
		path.slice(Math.max(0, under.length - 1)).some((name) => matches[name]));
	compare("what matches", page.matchedTotal(graph, top, matches), weigh(matching));
}
function checkCallers(tree, stacks, names) {
	const reversed = stacks.map(([path, weight]) => [[...path].reverse(), weight]);
	const graph = page.callersGraph(tree, names, []);
	compare("callers", framesOf(graph), startsOf(reversed));
	const path = namesTo(graph, random(graph.count)), part = page.callersGraph(tree, names, path);
	const above = ([key]) => `${key},`.startsWith(`${path.join()},`) || !path.length;
	compare("callers of the zoomed", Object.entries(framesOf(part)).filter(above),
		Object.entries(startsOf(reversed)).filter(above));
}
function checkFunctions(tree, stacks, names) {
	const { self, total } = page.sumFunctions(tree, names), wanted = random(names);
	for (let name = 0; name < names; name++) {
		compare("self", self[name], weigh(stacks.filter(([path]) => path.at(-1) === name)));
		compare("total", total[name], weigh(stacks.filter(([path]) => path.includes(name))));
	}
	const { callers, callees } = page.sumRelatives(tree, names, wanted);
	compare("callers of a function", sum(callers), sum(stacks.filter(([path]) => path.includes(wanted))
		.map(([path, weight]) => [path[path.indexOf(wanted) - 1] ?? -1, weight])));
	compare("callees of a function", sum(callees), sum(stacks.flatMap(([path, weight]) =>
		Array.from(new Set(path.filter((_, k) => k && path[k - 1] === wanted)), (name) => [name, weight]))));
}
function checkFilter(tree, stacks, names) {
	const maybe = () => random(2) ? -1 : random(names);
	const thread = maybe(), focus = maybe(), hidden = random(2) ? [] : [random(names)];
	const kept = stacks.filter(([path]) => (thread < 0 || path[0] === thread) &&
		(focus < 0 || path.includes(focus)) && !path.some((name) => hidden.includes(name)));
	const part = page.filterTree(tree, { thread, hidden, focus, merged: true });
	compare("thread, focus, hidden", framesOf(page.layOut(part, "name")),
		startsOf(kept.map(([path, weight]) => [focus < 0 ? path : path.slice(path.indexOf(focus)), weight])));
}

for (let round = 0; round < ROUNDS; round++) {
	const names = 2 + random(8), tree = randomTree(names), stacks = stacksOf(tree);
	for (const order of ["name", "heavy", "time"])
		checkGraph(tree, stacks, names, order);
	checkCallers(tree, stacks, names);
	checkFunctions(tree, stacks, names);
	checkFilter(tree, stacks, names);
}
for (const [what, why] of faults)
	console.log(`FAIL html graph: ${what}: ${JSON.stringify(why)}`);
if (!faults.size)
	console.log(`PASS html graph: ${ROUNDS} random trees`);
