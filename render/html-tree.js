/* ---- a part of a tree ---- */

/* Children by parent and name, open addressing; 0 is free. */
class ChildTable {
	constructor(capacity) {
		let size = 1024;
		while (size < 2 * capacity)
			size *= 2;
		this.slots = new Int32Array(size);
	}
	/* The slot of that child of `tree`, or the free one for it. */
	find(tree, parent, name) {
		const mask = this.slots.length - 1;
		let slot = Math.imul(Math.imul(parent, 0x9E3779B1) ^ name, 0x85EBCA6B), node;
		slot = (slot ^ slot >>> 15) & mask;
		while ((node = this.slots[slot]) && (tree.parent[node] !== parent || tree.name[node] !== name))
			slot = slot + 1 & mask;
		return slot;
	}
}

/* A tree that grows, for up to `capacity` frames. With `merged`, siblings of one name are one. */
class GrowingTree {
	constructor(capacity, {compared, timed, merged}) {
		this.count = 1;
		this.parent = new Int32Array(capacity);
		this.name = new Int32Array(capacity);
		this.self = new Float64Array(capacity);
		this.old = compared ? new Float64Array(capacity) : null;
		this.before = timed ? new Float64Array(capacity) : null;
		this.table = merged ? new ChildTable(capacity) : null;
	}
	child(parent, name) {
		const slot = this.table ? this.table.find(this, parent, name) : 0;
		if (this.table && this.table.slots[slot])
			return this.table.slots[slot];
		this.parent[this.count] = parent;
		this.name[this.count] = name;
		if (this.table)
			this.table.slots[slot] = this.count;
		return this.count++;
	}
}

const OUTSIDE = -1, DROPPED = -2;

/* For each frame of `tree` the frame of `kept` that it becomes; or OUTSIDE (under the focus) or DROPPED. */
function placeFrames(tree, kept, {thread, hidden, focus}) {
	const place = new Int32Array(tree.count), drop = new Set(hidden);
	place[0] = focus < 0 ? 0 : OUTSIDE;
	for (let i = 1; i < tree.count; i++) {
		const parent = place[tree.parent[i]], name = tree.name[i];
		if (parent === DROPPED || drop.has(name) || (thread >= 0 && !tree.parent[i] && name !== thread))
			place[i] = DROPPED;
		else if (parent === OUTSIDE)
			place[i] = name === focus ? kept.child(0, name) : OUTSIDE;
		else
			place[i] = kept.child(parent, name);
	}
	if (thread >= 0)
		place[0] = DROPPED;
	return place;
}

/* What the parent weighs by itself on the left of a kept frame: also what it does beside dropped ones. */
function moveBefore(tree, kept, place) {
	const skipped = new Float64Array(tree.count);
	for (let i = 1; i < tree.count; i++) {
		const parent = tree.parent[i];
		skipped[parent] += tree.before[i];
		if (place[i] < 0)
			continue;
		kept.before[place[i]] = place[parent] === OUTSIDE ? 0 : skipped[parent];
		skipped[parent] = 0;
	}
}

/* A tree of what is kept of `tree`: only stacks with the first frame `thread` (-1: any), without the stacks through a
 * name in `hidden`, and if `focus` is a name, only stacks with it, from its first frame on. With `merged`, siblings of
 * one name become one, and the time order is lost. */
function filterTree(tree, {thread, hidden, focus, merged}) {
	const timed = tree.before && !merged;
	const kept = new GrowingTree(tree.count, {compared: tree.old, timed, merged});
	const place = placeFrames(tree, kept, {thread, hidden, focus});
	for (let i = 0; i < tree.count; i++) {
		if (place[i] < 0)
			continue;
		kept.self[place[i]] += tree.self[i];
		if (kept.old)
			kept.old[place[i]] += tree.old[i];
	}
	if (timed)
		moveBefore(tree, kept, place);
	return kept;
}

/* ---- layout ---- */

/* Children as lists, in the order of the tree. */
function childLists(tree) {
	const first = new Int32Array(tree.count), next = new Int32Array(tree.count);
	for (let i = tree.count - 1; i > 0; i--) {
		next[i] = first[tree.parent[i]];
		first[tree.parent[i]] = i;
	}
	return {first, next};
}

/* Sorts every list that is not sorted. */
function sortLists(count, {first, next}, compare) {
	for (let i = 0; i < count; i++) {
		let child = first[i];
		while (child && next[child] && compare(child, next[child]) <= 0)
			child = next[child];
		if (!child || !next[child])
			continue;
		const list = [];
		for (child = first[i]; child; child = next[child])
			list.push(child);
		list.sort(compare);
		first[i] = list[0];
		for (let k = 0; k < list.length; k++)
			next[list[k]] = k + 1 < list.length ? list[k + 1] : 0;
	}
}

/* Weights of frames with all below them. */
function totalsOf(parent, self, count) {
	const total = self.slice(0, count);
	for (let i = count - 1; i > 0; i--)
		total[parent[i]] += total[i];
	return total;
}

/* How many rows there are below each frame of a graph. */
function heightsOf(parent, count) {
	const height = new Int32Array(count);
	for (let i = count - 1; i > 0; i--)
		if (height[parent[i]] <= height[i])
			height[parent[i]] = height[i] + 1;
	return height;
}

/* The graph of a tree. The order of siblings: "name", "heavy" (the heaviest first) or "time" (as they stand). */
function layOut(tree, order) {
	const {count, before} = tree, totals = totalsOf(tree.parent, tree.self, count), lists = childLists(tree);
	if (order === "heavy")
		sortLists(count, lists, (a, b) => totals[b] - totals[a]);
	else if (order === "name")
		sortLists(count, lists, (a, b) => tree.name[a] - tree.name[b]);
	const node = new Int32Array(count), parent = new Int32Array(count), first = new Int32Array(count + 1);
	const name = new Int32Array(count), start = new Float64Array(count), total = new Float64Array(count);
	const rows = [0];
	total[0] = totals[0];
	for (let i = 0, made = 1; i < count; i++) {
		if (i === rows[rows.length - 1])
			rows.push(made);
		let cursor = start[i];
		first[i] = made;
		for (let child = lists.first[node[i]]; child; child = lists.next[child], made++) {
			node[made] = child;
			parent[made] = i;
			name[made] = tree.name[child];
			start[made] = before ? cursor + before[child] : cursor;
			total[made] = totals[child];
			cursor = start[made] + total[made];
		}
	}
	first[count] = count;
	const oldTotals = tree.old && totalsOf(tree.parent, tree.old, count);
	return {count, rows, parent, first, start, name, self: inOrder(tree.self, node), total,
		old: inOrder(tree.old, node), oldTotal: inOrder(oldTotals, node), height: heightsOf(parent, count)};
}

/* The weights (or null) in another order. */
function inOrder(weights, order) {
	const sorted = weights && new Float64Array(order.length);
	for (let i = 0; sorted && i < order.length; i++)
		sorted[i] = weights[order[i]];
	return sorted;
}

/* ---- places ---- */

/* The first frame of row `depth` that ends behind x, or the end of the row; from `from` on, and fast if it is near. */
function findFrame(graph, depth, x, from = graph.rows[depth]) {
	const {start, total} = graph, end = graph.rows[depth + 1];
	let lo = from, step = 1;
	for (; lo + step < end && start[lo + step] + total[lo + step] <= x; step *= 2)
		lo += step;
	let hi = Math.min(lo + step, end);
	while (lo < hi) {
		const middle = lo + hi >>> 1;
		if (start[middle] + total[middle] > x)
			hi = middle;
		else
			lo = middle + 1;
	}
	return lo;
}

function depthOf(graph, frame) {
	let lo = 0, hi = graph.rows.length - 1;
	while (lo + 1 < hi) {
		const middle = lo + hi >>> 1;
		if (graph.rows[middle] <= frame)
			lo = middle;
		else
			hi = middle;
	}
	return lo;
}

/* The frames from the root to `frame`, both included. */
function pathTo(graph, frame) {
	const path = new Int32Array(depthOf(graph, frame) + 1);
	for (let depth = path.length - 1; depth >= 0; depth--, frame = graph.parent[frame])
		path[depth] = frame;
	return path;
}

/* ---- search ---- */

/* By name: 1 if it matches. */
function matchNames(texts, regexp) {
	const matches = new Uint8Array(texts.length);
	for (let i = 0; i < texts.length; i++)
		matches[i] = regexp.test(texts[i]) ? 1 : 0;
	return matches;
}

/* How many frames before each one match: whether any of a range does is then one subtraction. */
function countMatches(graph, matches) {
	const counts = new Int32Array(graph.count + 1);
	for (let i = 1; i < graph.count; i++)
		counts[i + 1] = counts[i] + matches[graph.name[i]];
	return counts;
}

/* The weight of what matches at or above the frame `top`, counted once where matches stand on each other. */
function matchedTotal(graph, top, matches) {
	const covered = new Uint8Array(graph.count), {first, parent, name, total} = graph;
	let sum = 0;
	for (let lo = top, hi = top + 1; lo < hi; [lo, hi] = [first[lo], first[hi]])
		for (let i = lo; i < hi; i++) {
			const inside = i !== top && covered[parent[i]];
			covered[i] = inside || (i && matches[name[i]]) ? 1 : 0;
			sum += covered[i] && !inside ? total[i] : 0;
		}
	return sum;
}
