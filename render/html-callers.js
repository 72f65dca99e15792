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

/* The graph of callers. `path` holds the names from the root to the zoomed frame: beside it nothing is made, and above
 * it no frame is followed that is too narrow to be seen (under 1/8192 of it). `cut`: it took too long, the deeper
 * callers are missing. */
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
		start: Float64Array.from(start), name: Int32Array.from(name), self: null, old: null,
		total: Float64Array.from(total), oldTotal: tree.old && Float64Array.from(oldTotal),
		height: heightsOf(parent, name.length), cut: work > MOST_WORK};
}
