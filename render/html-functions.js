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

/* By name: self, total, and in compared trees change (of self). */
function sumFunctions(tree, names) {
	const self = new Float64Array(names), total = new Float64Array(names), open = new Int32Array(names);
	const change = tree.old && new Float64Array(names);
	const totals = totalsOf(tree.parent, tree.self, tree.count);
	walk(tree, (i) => {
		const name = tree.name[i];
		if (!i)
			return;
		self[name] += tree.self[i];
		if (change)
			change[name] += tree.self[i] - tree.old[i];
		if (!open[name]++)
			total[name] += totals[i];
	}, (i) => i && open[tree.name[i]]--);
	return {self, total, change};
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

/* ---- their sums as a table, and who calls the chosen one and whom it calls ---- */

const MOST_ROWS = 300; /* what anybody reads */

class FunctionTable {
	/* `ask` has {name(id), title(id), weight(w), percent(w), change(w), choose(id)}: how ids and weights are shown, and
	 * what a click on a name does. */
	constructor(panel, ask) {
		Object.assign(this, {panel, ask, order: "self"});
	}
	/* `sums` of sumFunctions; `chosen` and its `relatives` of sumRelatives, or -1 and null; `listed(id)`: is in the
	 * table. */
	show(sums, chosen, relatives, listed) {
		Object.assign(this, {sums, chosen, relatives, listed});
		this.draw();
	}
	draw() {
		this.panel.replaceChildren(...(this.relatives ? this.chosenParts() : []), this.functionTable());
	}
	weightCells(weight, show = this.ask.weight) {
		const share = this.ask.percent(weight);
		return [make("td", {class: "number"}, show(weight)), make("td", {class: "number faint"}, share)];
	}
	row(id, cells) {
		const {ask} = this, text = ask.name(id), chosen = id === this.chosen, click = () => ask.choose(id);
		const attributes = {class: "link", title: ask.title(id), "aria-pressed": `${chosen}`, click};
		const name = id < 0 ? text : make("button", attributes, text);
		return make("tr", {class: chosen ? "chosen" : null}, ...cells, make("td", {class: "name"}, name));
	}
	relativesTable(title, weights) {
		const list = Array.from(weights).sort((a, b) => b[1] - a[1]).slice(0, MOST_ROWS);
		const rows = list.map(([id, weight]) => this.row(id, this.weightCells(weight)));
		if (!rows.length)
			rows.push(make("tr", {}, make("td", {class: "faint"}, "nobody")));
		return make("table", {}, make("caption", {}, title), make("tbody", {}, ...rows));
	}
	chosenParts() {
		const {ask, chosen, sums, relatives} = this, click = () => ask.choose(-1);
		const close = make("button", {"aria-label": "Close callers and callees", click}, "\u00d7");
		const fact = (what, weight) => `${what} ${ask.weight(weight)}, ${ask.percent(weight)}`;
		const facts = `${fact("total", sums.total[chosen])}; ${fact("self", sums.self[chosen])}`;
		return [make("div", {id: "chosen"}, make("h2", {title: ask.title(chosen)}, ask.name(chosen)), close), make("p", {}, facts),
			this.relativesTable("Called by", relatives.callers),
			this.relativesTable("Calls", relatives.callees)];
	}
	/* The names in the table, as it is sorted. */
	sortedNames() {
		const {self, total, change} = this.sums, size = (id) => Math.abs(this.sums[this.order][id]), ids = [];
		for (let id = 0; id < self.length; id++)
			if ((total[id] > 0 || (change && change[id])) && this.listed(id))
				ids.push(id);
		return ids.sort((a, b) => size(b) - size(a) || a - b);
	}
	functionTable() {
		const {sums, ask} = this, ids = this.sortedNames(), count = ids.length.toLocaleString("en-US");
		const cells = (id) => [...this.weightCells(sums.self[id]), ...this.weightCells(sums.total[id]),
			...(sums.change ? this.weightCells(sums.change[id], ask.change) : [])];
		const rows = ids.slice(0, MOST_ROWS).map((id) => this.row(id, cells(id)));
		const some = ids.length > MOST_ROWS ? `${MOST_ROWS} of ${count}; search for others` : count;
		const headings = [this.heading("self", "Self"), this.heading("total", "Total"),
			...(sums.change ? [this.heading("change", "Change of self")] : []),
			make("th", {scope: "col"}, "Name")];
		return make("table", {}, make("caption", {}, `Functions (${some})`),
			make("thead", {}, make("tr", {}, ...headings)), make("tbody", {}, ...rows));
	}
	heading(order, title) {
		const here = this.order === order;
		const sort = () => {
			this.order = order;
			this.draw();
		};
		return make("th", {scope: "colgroup", colspan: 2, "aria-sort": here ? "descending" : "none"},
			make("button", {class: "link", click: sort}, title + (here ? " \u25be" : "")));
	}
}
