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

/* ---- functions: their sums as a table, and who calls the chosen one and whom it calls ---- */

class FunctionTable {
	/* `ask`: {name(id), weight(w), percent(w), choose(id)}: how ids and weights are shown, what a click on one does. */
	constructor(panel, ask) {
		Object.assign(this, {panel, ask, order: "self"});
		this.MOST = 300; /* rows: those that anybody reads */
	}
	/* `sums` of sumFunctions; `relatives` of sumRelatives and `chosen`, or null and -1; `wanted(id)`: is listed. */
	show(sums, chosen, relatives, wanted) {
		Object.assign(this, {sums, chosen, relatives, wanted});
		this.draw();
	}
	draw() {
		const parts = this.relatives ? this.relativeParts() : [];
		this.panel.replaceChildren(...parts, this.functionTable());
	}
	row(id, ...weights) {
		const name = id < 0 ? this.ask.name(id) : make("button", {class: "link", title: this.ask.name(id),
			"aria-pressed": String(id === this.chosen), click: () => this.ask.choose(id)}, this.ask.name(id));
		const cells = weights.flatMap((weight) => [make("td", {class: "number"}, this.ask.weight(weight)),
			make("td", {class: "number share"}, this.ask.percent(weight))]);
		return make("tr", id === this.chosen ? {class: "chosen"} : {}, ...cells, make("td", {class: "name"}, name));
	}
	relativeParts() {
		const list = (title, map, none) => {
			const rows = Array.from(map).sort((a, b) => b[1] - a[1]).slice(0, this.MOST);
			const body = rows.length ? rows.map(([id, weight]) => this.row(id, weight)) : [make("tr", {}, make("td", {}, none))];
			return make("table", {}, make("caption", {}, title), make("tbody", {}, ...body));
		};
		const {callers, callees} = this.relatives, self = this.sums.self[this.chosen];
		const name = make("h2", {}, this.ask.name(this.chosen));
		const close = make("button", {"aria-label": "Close callers and callees", click: () => this.ask.choose(-1)}, "\u00d7");
		const facts = make("p", {}, `total ${this.ask.weight(this.sums.total[this.chosen])}, self ${this.ask.weight(self)}`);
		return [make("div", {class: "chosen-name"}, name, close), facts, list("Called by", callers, "nobody"),
			list("Calls", callees, "nobody")];
	}
	functionTable() {
		const key = this.sums[this.order], ids = [];
		for (let id = 0; id < key.length; id++)
			if (this.sums.total[id] > 0 && this.wanted(id))
				ids.push(id);
		ids.sort((a, b) => key[b] - key[a] || a - b);
		const rows = ids.slice(0, this.MOST).map((id) => this.row(id, this.sums.self[id], this.sums.total[id]));
		const more = ids.length > this.MOST ? ` (${this.MOST} of ${ids.length.toLocaleString("en-US")}, search for others)` : "";
		return make("table", {}, make("caption", {}, "Functions" + more), make("thead", {}, make("tr", {},
			this.heading("self", "Self"), this.heading("total", "Total"), make("th", {scope: "col"}, "Name"))),
			make("tbody", {}, ...rows));
	}
	heading(order, title) {
		const here = this.order === order;
		return make("th", {scope: "col", colspan: 2, "aria-sort": here ? "descending" : "none"},
			make("button", {class: "link", click: () => {
				this.order = order;
				this.draw();
			}}, title + (here ? " \u25be" : "")));
	}
}
