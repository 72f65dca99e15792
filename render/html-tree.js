/* ---- the data of the file, and the graphs made of it; nothing here knows the page ----
 *
 * A tree holds frames with a parent before its children, 0 is the root: parent, name (number), self, and where there
 * are any old (self before) and before (own weight of the parent on the left of this frame, in time order).
 * A graph is a tree laid out: frames in the order of rows, so that a row, and the children of a frame, are a range of
 * numbers. Nothing is recursive: a stack may be a million frames deep. */

class Reader {
	constructor(base64) {
		const text = atob(base64);
		this.bytes = new Uint8Array(text.length);
		for (let i = 0; i < text.length; i++)
			this.bytes[i] = text.charCodeAt(i);
		this.view = new DataView(this.bytes.buffer);
		this.at = 0;
	}
	integer() {
		let byte = this.bytes[this.at++], value = byte & 127;
		for (let unit = 128; byte > 127; unit *= 128) {
			byte = this.bytes[this.at++];
			value += (byte & 127) * unit;
		}
		return value;
	}
	double() {
		this.at += 8;
		return this.view.getFloat64(this.at - 8, true);
	}
	piece(size) {
		this.at += size;
		return this.bytes.subarray(this.at - size, this.at);
	}
}

/* Bytes put behind each other, without a limit. */
class Bytes {
	constructor() {
		this.bytes = new Uint8Array(65536);
		this.size = 0;
	}
	grow(size) {
		if (this.size + size <= this.bytes.length)
			return;
		const larger = new Uint8Array(2 * (this.size + size));
		larger.set(this.bytes.subarray(0, this.size));
		this.bytes = larger;
	}
	add(piece) {
		this.grow(piece.length);
		this.bytes.set(piece, this.size);
		this.size += piece.length;
	}
	repeat(from, size) {
		this.grow(size);
		this.bytes.copyWithin(this.size, from, from + size);
		this.size += size;
	}
}

/* The names as strings (no name holds a newline, so all are decoded at once), and their colours, three bytes each. */
function readNames(base64, count) {
	const reader = new Reader(base64), all = new Bytes(), newline = Uint8Array.of(10);
	const colors = new Uint8Array(3 * count);
	for (let i = 0, before = 0; i < count; i++) {
		const start = all.size;
		all.repeat(before, reader.integer());
		all.add(reader.piece(reader.integer()));
		all.add(newline);
		colors.set(reader.piece(3), 3 * i);
		before = start;
	}
	const texts = new TextDecoder("utf-8", {ignoreBOM: true}).decode(all.bytes.subarray(0, all.size)).split("\n");
	return {texts: texts.slice(0, count), colors};
}

function readTree(base64, count, {whole, compared, timed}) {
	const reader = new Reader(base64), path = new Int32Array(count + 1);
	const parent = new Int32Array(count), name = new Int32Array(count), self = new Float64Array(count);
	const old = compared ? new Float64Array(count) : null, before = timed ? new Float64Array(count) : null;
	const weight = () => whole ? reader.integer() : reader.double();
	for (let i = 0, depth = 0; i < count; i++) {
		const head = reader.integer();
		depth -= Math.floor(head / 4);
		parent[i] = depth ? path[depth - 1] : 0;
		path[depth++] = i;
		name[i] = reader.integer();
		if (head & 2)
			before[i] = weight();
		if (head & 1)
			self[i] = weight();
		if (old)
			old[i] = weight();
	}
	return {count, parent, name, self, old, before};
}

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

/* A tree of what is kept of `tree`: only stacks with the first frame `thread` (-1: any), without the stacks through a
 * name in `hidden`, and if `focus` is a name, only stacks with it, from its first frame on. With `merged`, siblings of one
 * name become one, and the time order is lost. */
function filterTree(tree, {thread, hidden, focus, merged}) {
	const OUTSIDE = -1, DROPPED = -2, count = tree.count;
	const kept = {count: 1, parent: new Int32Array(count), name: new Int32Array(count), self: new Float64Array(count),
		old: tree.old && new Float64Array(count), before: merged || !tree.before ? null : new Float64Array(count)};
	const table = merged ? new ChildTable(count) : null, place = new Int32Array(count), drop = new Set(hidden);
	const child = (parent, name) => {
		const slot = table ? table.find(kept, parent, name) : 0;
		if (table && table.slots[slot])
			return table.slots[slot];
		kept.parent[kept.count] = parent;
		kept.name[kept.count] = name;
		if (table)
			table.slots[slot] = kept.count;
		return kept.count++;
	};
	place[0] = focus < 0 ? 0 : OUTSIDE;
	for (let i = 0; i < count; i++) {
		const parent = place[tree.parent[i]], name = tree.name[i];
		if (i && (parent === DROPPED || drop.has(name) || (thread >= 0 && !tree.parent[i] && name !== thread)))
			place[i] = DROPPED;
		else if (i && parent === OUTSIDE)
			place[i] = name === focus ? child(0, name) : OUTSIDE;
		else if (i)
			place[i] = child(parent, name);
		if (place[i] < 0 || (!i && thread >= 0))
			continue;
		kept.self[place[i]] += tree.self[i];
		if (kept.old)
			kept.old[place[i]] += tree.old[i];
		if (kept.before)
			kept.before[place[i]] = parent === OUTSIDE ? 0 : tree.before[i];
	}
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
	const count = tree.count, total = totalsOf(tree.parent, tree.self, count), lists = childLists(tree);
	const oldTotal = tree.old && totalsOf(tree.parent, tree.old, count);
	if (order === "heavy")
		sortLists(count, lists, (a, b) => total[b] - total[a]);
	else if (order === "name")
		sortLists(count, lists, (a, b) => tree.name[a] - tree.name[b]);
	const node = new Int32Array(count), parent = new Int32Array(count), start = new Float64Array(count);
	const first = new Int32Array(count + 1), rows = [0];
	for (let i = 0, made = 1; i < count; i++) {
		if (i === rows[rows.length - 1])
			rows.push(made);
		let cursor = start[i];
		first[i] = made;
		for (let child = lists.first[node[i]]; child; child = lists.next[child]) {
			node[made] = child;
			parent[made] = i;
			start[made] = cursor + (tree.before ? tree.before[child] : 0);
			cursor = start[made++] + total[child];
		}
	}
	first[count] = count;
	const pick = (values) => values && gather(values, node);
	return {count, rows, parent, first, start, name: gather(tree.name, node), total: gather(total, node),
		self: gather(tree.self, node), oldTotal: pick(oldTotal), old: pick(tree.old), height: heightsOf(parent, count)};
}

function gather(values, order) {
	const picked = new values.constructor(order.length);
	for (let i = 0; i < order.length; i++)
		picked[i] = values[order[i]];
	return picked;
}

/* ---- callers: the leaves stand on the root, and on each frame who called it ---- */

/* Stacks of a tree: `leaves` are their ends, `nodes` how far they were followed towards the root (0: to its end). */
class StackList {
	constructor(size) {
		this.leaves = new Int32Array(size);
		this.nodes = new Int32Array(size);
		this.size = 0;
	}
}

function allStacks(tree) {
	const list = new StackList(tree.count);
	for (let i = 1; i < tree.count; i++)
		if (tree.self[i] > 0)
			list.leaves[list.size] = list.nodes[list.size++] = i;
	return list;
}

/* Groups stacks by the name of their node. */
class Groups {
	constructor(tree, names) {
		this.tree = tree;
		this.sum = new Float64Array(names);
		this.old = new Float64Array(names);
		this.size = new Int32Array(names);
		this.place = new Int32Array(names);
	}
	/* The names of the stacks lo to hi, the heaviest first, with their sums; only `wanted` if that is a name. */
	collect(list, lo, hi, wanted) {
		const {tree, sum, old, size} = this, found = [];
		for (let i = lo; i < hi; i++) {
			const node = list.nodes[i], name = tree.name[node];
			if (!node || (wanted >= 0 && name !== wanted))
				continue;
			if (!size[name]++) {
				found.push(name);
				sum[name] = old[name] = 0;
			}
			sum[name] += tree.self[list.leaves[i]];
			if (tree.old)
				old[name] += tree.old[list.leaves[i]];
		}
		return found.sort((a, b) => sum[b] - sum[a] || a - b);
	}
	/* Puts the stacks of the `found` names into `into`, name by name, one step nearer to the root. */
	move(list, lo, hi, found, into) {
		const {tree, size, place} = this;
		for (const name of found) {
			place[name] = into.size;
			into.size += size[name];
		}
		for (let i = lo; i < hi; i++) {
			const node = list.nodes[i], name = tree.name[node];
			if (!node || !size[name])
				continue;
			into.leaves[place[name]] = list.leaves[i];
			into.nodes[place[name]++] = tree.parent[node];
		}
		for (const name of found)
			size[name] = 0;
	}
}

/* The graph of callers. `path` holds the names from the root to the zoomed frame: beside it nothing is made, and above it
 * no frame is followed that is too narrow to be seen (under 1/8192 of it). `cut`: it took too long, the deeper callers
 * are missing. */
function callersGraph(tree, names, path) {
	const MOST_WORK = 3e7, groups = new Groups(tree, names), rows = [0, 1], hi = [], first = [];
	const sumOf = (values) => values ? totalsOf(tree.parent, values, tree.count)[0] : 0;
	const name = [0], parent = [0], start = [0], total = [sumOf(tree.self)], oldTotal = [sumOf(tree.old)];
	let list = allStacks(tree), work = 0, narrow = 0;
	hi.push(list.size);
	for (let depth = 0; rows[depth] < rows[depth + 1]; depth++) {
		const next = new StackList(list.size);
		if (depth === path.length)
			narrow = total[rows[depth]] / 8192;
		for (let frame = rows[depth], lo = 0; frame < rows[depth + 1]; lo = hi[frame++]) {
			let cursor = start[frame];
			first.push(name.length);
			if (total[frame] < narrow || work > MOST_WORK)
				continue;
			const found = groups.collect(list, lo, hi[frame], depth < path.length ? path[depth] : -1);
			for (const id of found) {
				name.push(id);
				parent.push(frame);
				start.push(cursor);
				total.push(groups.sum[id]);
				oldTotal.push(groups.old[id]);
				hi.push((hi.length > rows[depth + 1] ? hi[hi.length - 1] : 0) + groups.size[id]);
				cursor += groups.sum[id];
			}
			groups.move(list, lo, hi[frame], found, next);
			work += hi[frame] - lo;
		}
		rows.push(name.length);
		list = next;
	}
	first.push(name.length);
	rows.pop();
	return {count: name.length, rows, parent: Int32Array.from(parent), first: Int32Array.from(first),
		start: Float64Array.from(start), name: Int32Array.from(name), total: Float64Array.from(total), self: null,
		oldTotal: tree.old && Float64Array.from(oldTotal), old: null, height: heightsOf(parent, name.length),
		cut: work > MOST_WORK};
}

/* ---- places ---- */

/* The first frame of row `depth` that ends behind x, or the end of the row; from `from` on. */
function findFrame(graph, depth, x, from = graph.rows[depth]) {
	let lo = from, hi = graph.rows[depth + 1];
	while (lo < hi) {
		const middle = lo + hi >>> 1;
		if (graph.start[middle] + graph.total[middle] > x)
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

/* ---- functions: sums by name, counted once under recursion ---- */

/* Calls enter and leave for each frame, children between those of their parent. */
function walk(tree, enter, leave) {
	const {first, next} = childLists(tree);
	for (let i = 0;;) {
		enter(i);
		if (first[i]) {
			i = first[i];
			continue;
		}
		for (leave(i); i && !next[i]; leave(i))
			i = tree.parent[i];
		if (!i)
			return;
		i = next[i];
	}
}

function sumFunctions(tree, names) {
	const self = new Float64Array(names), total = new Float64Array(names), open = new Int32Array(names);
	const totals = totalsOf(tree.parent, tree.self, tree.count);
	walk(tree, (i) => {
		const name = tree.name[i];
		if (!i)
			return;
		self[name] += tree.self[i];
		if (!open[name]++)
			total[name] += totals[i];
	}, (i) => i && open[tree.name[i]]--);
	return {self, total};
}

/* Who calls `wanted` and whom it calls, as maps from names (-1: the root) to weights. */
function sumRelatives(tree, names, wanted) {
	const totals = totalsOf(tree.parent, tree.self, tree.count), callers = new Map(), callees = new Map();
	const open = new Int32Array(names); /* by callee: its calls from `wanted` that are open */
	let depth = 0; /* how many frames of `wanted` are open */
	const add = (map, name, weight) => map.set(name, (map.get(name) || 0) + weight);
	const caller = (i) => tree.parent[i] ? tree.name[tree.parent[i]] : -1;
	walk(tree, (i) => {
		if (!i)
			return;
		if (caller(i) === wanted && !open[tree.name[i]]++)
			add(callees, tree.name[i], totals[i]);
		if (tree.name[i] === wanted && !depth++)
			add(callers, caller(i), totals[i]);
	}, (i) => {
		if (i && caller(i) === wanted)
			open[tree.name[i]]--;
		if (i && tree.name[i] === wanted)
			depth--;
	});
	return {callers, callees};
}
