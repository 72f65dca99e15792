/* ---- the page: what was asked for (the state, which is also the address's hash), and all that shows it ---- */

const setting = document.body.dataset, block = (id) => document.getElementById(id);
const names = readNames(block("names").textContent, Number(block("names").dataset.count));
const flags = Object.fromEntries(["whole", "compared", "timed"].map((key) => [key, block("frames").dataset[key] === "1"]));
const source = readTree(block("frames").textContent, Number(block("frames").dataset.count), flags);
block("names").remove();
block("frames").remove();

/* ---- numbers and names in words ---- */

const durations = flags.timed && setting.countName === "samples"; /* weights are microseconds */
const everything = totalsOf(source.parent, source.self, source.count)[0];

function showDuration(microseconds) {
	const [unit, size] = microseconds < 1e3 ? ["\u00b5s", 1] : microseconds < 1e6 ? ["ms", 1e3] : ["s", 1e6];
	return `${(microseconds / size).toLocaleString("en-US", {maximumFractionDigits: 2})} ${unit}`;
}
function showWeight(weight) {
	const value = weight * Number(setting.factor);
	return durations ? showDuration(value) : value.toLocaleString("en-US", {maximumFractionDigits: 2});
}
function showCount(weight) {
	return durations ? showWeight(weight) : `${showWeight(weight)} ${setting.countName}`;
}
function showPercent(weight) {
	return (everything ? 100 * weight / everything : 0).toFixed(2) + "%";
}
function showChange(weight) {
	return (weight > 0 ? "+" : weight < 0 ? "\u2212" : "\u00b1") + showWeight(Math.abs(weight));
}
function nameOf(id) {
	return id < 0 ? "all" : labelOf(names.texts[id]);
}
/* "main (90 samples, 45.00%; self 5)" */
function describe(frame) {
	const {name, total, self, old, oldTotal} = graph;
	let text = `${frame ? nameOf(name[frame]) : "all"} (${showCount(total[frame])}, ${showPercent(total[frame])}`;
	if (self && self[frame] > 0 && self[frame] < total[frame])
		text += `; self ${showWeight(self[frame])}, ${showPercent(self[frame])}`;
	if (oldTotal)
		text += `; change ${showChange(change(oldTotal, total, frame))}`;
	if (old && old[frame] !== self[frame])
		text += `, of self ${showChange(change(old, self, frame))}`;
	return text + ")";
}
function change(old, now, frame) {
	return (now[frame] - old[frame]) * (setting.negate === "1" ? -1 : 1);
}

/* ---- the state ---- */

const roots = [];
for (let i = 1; i < source.count; i++)
	if (!source.parent[i] && !roots.includes(source.name[i]) && roots.length < 1000)
		roots.push(source.name[i]);

const initial = {view: flags.timed ? "time" : "name", icicle: setting.inverted === "1", zoom: "", search: "", ignoreCase: false,
	thread: -1, focus: -1, hidden: [], color: flags.compared ? "self" : "name", functions: false, chosen: -1};
const state = {...initial};
const letters = {view: "v", icicle: "i", zoom: "z", search: "s", ignoreCase: "c", thread: "t", focus: "f", hidden: "h", color: "d",
	functions: "p", chosen: "n"};

function encodeState() {
	const parameters = new URLSearchParams();
	for (const [key, letter] of Object.entries(letters))
		if (String(state[key]) !== String(initial[key]))
			parameters.set(letter, typeof state[key] === "boolean" ? Number(state[key]) : state[key]);
	return parameters.toString();
}
function decodeId(text, fallback) {
	const id = Number(text);
	return Number.isInteger(id) && id >= 0 && id < names.texts.length ? id : fallback;
}
/* What stands in the hash, checked: it may come from anywhere. */
function decodeState(hash) {
	const parameters = new URLSearchParams(hash), decoded = {};
	for (const [key, letter] of Object.entries(letters)) {
		const text = parameters.get(letter), usual = initial[key];
		if (text === null)
			decoded[key] = usual;
		else if (typeof usual === "boolean")
			decoded[key] = text === "1";
		else if (typeof usual === "number")
			decoded[key] = decodeId(text, usual);
		else if (Array.isArray(usual))
			decoded[key] = text.split(",").map((id) => decodeId(id, -1)).filter((id) => id >= 0);
		else
			decoded[key] = text;
	}
	if (!(decoded.view in views))
		decoded.view = initial.view;
	if (!(decoded.color in colorings))
		decoded.color = initial.color;
	return decoded;
}

/* Changes the state and shows it. `how`: "push" makes a step that Back takes back, "replace" does not. */
function update(changes, how = "push") {
	const steps = (history.state && history.state.steps) || 0;
	Object.assign(state, changes);
	refresh();
	const address = "#" + encodeState();
	if (address === (location.hash || "#"))
		return;
	if (how === "push")
		history.pushState({steps: steps + 1}, "", address);
	else
		history.replaceState({steps}, "", address);
	showBack();
}
window.addEventListener("popstate", () => {
	Object.assign(state, decodeState(location.hash.slice(1)));
	refresh();
	showBack();
});

/* ---- from the state to the graph: what does not change is not made again ---- */

const views = {name: "By name", heavy: "Heaviest first", ...(flags.timed ? {time: "Time order"} : {}), callers: "Callers (leaf first)"};
const colorings = {name: "Colour: name", ...(flags.compared ? {self: "Colour: change of self", total: "Colour: change of total"} : {})};
const made = {};
let tree = source, graph = null, zoomed = 0;

/* The value of `work` for that key; of each kind just the newest is kept. */
function once(kind, key, work) {
	if (!made[kind] || made[kind].key !== key)
		made[kind] = {key, value: work()};
	return made[kind].value;
}
function currentTree() {
	const {thread, hidden, focus} = state, merged = (flags.timed && state.view !== "time") || (focus >= 0 && state.view !== "time");
	if (!merged && thread < 0 && focus < 0 && !hidden.length)
		return source;
	return filterTree(source, {thread, hidden, focus, merged});
}
function treeKey() {
	return [state.view === "time", state.thread, state.focus, state.hidden.join()].join(";");
}
function zoomPath() {
	return state.zoom.split(".").filter(Boolean).map((id) => decodeId(id, 0));
}
function makeGraph() {
	const key = [treeKey(), state.view, state.view === "callers" ? state.zoom : ""].join(";");
	tree = once("tree", treeKey(), currentTree);
	graph = once("graph", key, () => state.view === "callers" ? callersGraph(tree, names.texts.length, zoomPath()) : layOut(tree, state.view));
	zoomed = frameOfKey(state.zoom);
}
/* A frame in the address: its number, or with callers (which depend on it) the names that lead to it. */
function keyOf(frame) {
	if (state.view !== "callers")
		return frame ? String(frame) : "";
	return Array.from(pathTo(graph, frame)).slice(1).map((step) => graph.name[step]).join(".");
}
function frameOfKey(key) {
	if (state.view === "callers")
		return graph.rows[Math.min(zoomPath().length, graph.rows.length - 2)];
	const frame = Number(key);
	return Number.isInteger(frame) && frame > 0 && frame < graph.count ? frame : 0;
}
function isZoomable(frame) {
	return frame >= 0 && frame !== zoomed;
}

/* ---- search ---- */

/* {matches by name, or null, and whether the expression is a bad one}; without a search the chosen function is what matches. */
function currentMatches() {
	const {search, ignoreCase, functions, chosen} = state;
	if (!search && functions && chosen >= 0)
		return {matches: names.texts.map((_, id) => id === chosen ? 1 : 0), bad: false};
	if (!search)
		return {matches: null, bad: false};
	try {
		return {matches: matchNames(names.texts, new RegExp(search, ignoreCase ? "i" : "")), bad: false};
	} catch (e) {
		return {matches: null, bad: true};
	}
}
function showMatches() {
	const {search, ignoreCase, functions, chosen} = state;
	const {matches, bad} = once("matches", [search, ignoreCase, functions, chosen].join(";"), currentMatches);
	picture.counts = matches && once("counts", [made.matches.key, made.graph.key].join(";"), () => countMatches(graph, matches));
	picture.repaint();
	page.matched.textContent = bad ? "Bad expression" : "";
	page.search.setAttribute("aria-invalid", String(bad));
	if (!matches)
		return;
	const share = 100 * matchedTotal(graph, zoomed, matches) / (graph.total[zoomed] || 1);
	page.matched.textContent = `Matched: ${share.toFixed(2)}%`;
}
/* Moves the cursor to the next (1) or previous (-1) frame found in the zoomed part. */
function stepMatch(direction) {
	const counts = picture.counts, from = graph.start[zoomed], to = from + graph.total[zoomed];
	for (let i = picture.cursor + direction; counts && i > 0 && i < graph.count; i += direction)
		if (counts[i + 1] > counts[i] && graph.start[i] >= from && graph.start[i] + graph.total[i] <= to && i >= zoomed)
			return moveCursor(i);
}

/* ---- showing ---- */

function refresh() {
	const before = graph, frame = zoomed, icicle = picture.icicle;
	makeGraph();
	picture.icicle = state.icicle;
	picture.deltaOf = once("delta", [made.graph.key, state.color].join(";"), currentDelta);
	if (graph !== before || zoomed !== frame || icicle !== state.icicle)
		picture.show(graph, zoomed);
	showMatches();
	showControls();
	showCrumbs();
	showFunctions();
	showDetails();
}
function currentDelta() {
	const now = state.color === "self" ? graph.self : graph.total, old = state.color === "self" ? graph.old : graph.oldTotal;
	if (state.color === "name" || !flags.compared)
		return null;
	if (!now || !old)
		return () => 0;
	let most = 0;
	for (let i = 1; i < graph.count; i++)
		most = Math.max(most, Math.abs(now[i] - old[i]));
	return (i) => most ? change(old, now, i) / most : 0;
}
function showDetails() {
	const frame = picture.hover >= 0 ? picture.hover : picture.cursor;
	page.details.textContent = describe(frame) + (graph.cut ? " \u2013 deeper callers are left out: zoom in to see them" : "");
}
function showControls() {
	page.view.value = state.view;
	page.thread.value = String(state.thread);
	page.color.value = state.color;
	if (document.activeElement !== page.search)
		page.search.value = state.search;
	page.orientation.textContent = state.icicle ? "Icicle \u25be" : "Flame \u25b4";
	page.orientation.setAttribute("aria-pressed", String(state.icicle));
	page.ignoreCase.setAttribute("aria-pressed", String(state.ignoreCase));
	page.functionsButton.setAttribute("aria-pressed", String(state.functions));
	page.clear.hidden = !state.search;
}
function showBack() {
	page.back.disabled = !(history.state && history.state.steps);
}
/* The way to the zoomed frame (of a long one its ends), and the filters with a button each that removes them. */
function showCrumbs() {
	const path = picture.path, parts = [], most = 8;
	for (let i = 0; i < path.length; i++) {
		if (path.length > most && i === 2) {
			parts.push(make("span", {class: "faint"}, `\u2026 ${path.length - most} more \u2026`));
			i = path.length - most + 2;
		}
		const here = i === path.length - 1, frame = path[i];
		parts.push(make("button", {class: "link", "aria-current": here ? "true" : null, click: () => zoomTo(frame)}, picture.label(frame)));
	}
	const chip = (text, changes) => make("button", {class: "chip", "aria-label": `Remove: ${text}`, title: text,
		click: () => update({zoom: "", ...changes})}, `${text} \u00d7`);
	const chips = state.hidden.map((id) => chip(`Hidden: ${nameOf(id)}`, {hidden: state.hidden.filter((other) => other !== id)}));
	if (state.focus >= 0)
		chips.unshift(chip(`Focus: ${nameOf(state.focus)}`, {focus: -1}));
	page.crumbs.replaceChildren(...parts);
	page.chips.replaceChildren(...chips);
}
function showFunctions() {
	const {functions, chosen} = state, count = names.texts.length;
	if (page.functions.hidden === functions) {
		page.functions.hidden = !functions;
		picture.fit();
	}
	if (!functions)
		return;
	const sums = once("sums", treeKey(), () => sumFunctions(tree, count));
	const relatives = chosen < 0 ? null : once("relatives", [treeKey(), chosen].join(";"), () => sumRelatives(tree, count, chosen));
	const matches = state.search && made.matches.value.matches;
	const key = [treeKey(), chosen, state.search && made.matches.key].join(";");
	once("table", key, () => table.show(sums, chosen, relatives, (id) => !matches || matches[id]));
}

/* ---- actions ---- */

function zoomTo(frame) {
	if (isZoomable(frame))
		update({zoom: keyOf(frame)});
}
function moveCursor(frame) {
	if (frame < 0)
		return;
	picture.cursor = frame;
	picture.hover = -1;
	picture.reveal(depthOf(graph, frame));
	picture.repaint();
	showDetails();
	page.live.textContent = `${describe(frame)}, row ${depthOf(graph, frame) + 1}`;
}
function cursorName() {
	return picture.cursor ? graph.name[picture.cursor] : -1;
}
/* The neighbour of the cursor: "out", "in" (the widest child), -1 or 1 (beside it, in the zoomed part). */
function neighbour(way) {
	const {parent, first, total} = graph, at = picture.cursor, depth = depthOf(graph, at);
	if (way === "out")
		return at ? parent[at] : -1;
	if (way === "in") {
		if (depth + 1 < picture.path.length)
			return picture.path[depth + 1];
		let widest = -1;
		for (let i = first[at]; i < first[at + 1]; i++)
			if (widest < 0 || total[i] > total[widest])
				widest = i;
		return widest;
	}
	const [from, to] = depth < picture.path.length ? [at, at + 1] : picture.visibleRange(depth);
	return at + way >= from && at + way < to ? at + way : -1;
}
function focusOn(id) {
	if (id >= 0)
		update({focus: id, zoom: ""});
}
function hide(id) {
	if (id >= 0 && !state.hidden.includes(id))
		update({hidden: [...state.hidden, id], zoom: ""});
}
function choose(id) {
	update({functions: true, chosen: id});
}
function find(id) {
	if (id >= 0)
		update({search: "^" + names.texts[id].replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "$", ignoreCase: false});
}
function copyName(id) {
	const text = id < 0 ? "all" : names.texts[id], say = () => { page.live.textContent = page.details.textContent = `Copied: ${nameOf(id)}`; };
	const byHand = () => {
		const field = make("textarea");
		field.value = text;
		document.body.append(field);
		field.select();
		document.execCommand("copy");
		field.remove();
		say();
	};
	if (navigator.clipboard)
		navigator.clipboard.writeText(text).then(say, byHand);
	else
		byHand();
}
function setSearch(text, how = "replace") {
	update({search: text}, how);
}
function reset() {
	if (state.search)
		setSearch("", "push");
	else
		update({zoom: ""});
}
function toggleTheme() {
	const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
	const now = root.dataset.theme || (dark ? "dark" : "light");
	root.dataset.theme = now === "dark" ? "light" : "dark";
	picture.setTheme();
}

/* ---- the page's elements ---- */

const page = {};
function option(value, text) {
	return make("option", {value}, text);
}
function button(key, text, title, click, more = {}) {
	return page[key] = make("button", {title, click, ...more}, text);
}
function select(key, label, options, change) {
	return page[key] = make("select", {"aria-label": label, title: label, change: () => change(page[key].value)},
		...options.map(([value, text]) => option(value, text)));
}
function buildToolbar() {
	const threads = [["-1", flags.timed ? "All threads" : "All roots"], ...roots.map((id) => [String(id), nameOf(id)])];
	const bar = make("div", {id: "toolbar", role: "toolbar", "aria-label": "View and search"},
		select("view", "Order of the frames", Object.entries(views), (view) => update({view, zoom: ""})),
		button("orientation", "", "Root below or on top (i)", () => update({icicle: !state.icicle})),
		select("thread", flags.timed ? "Thread" : "First frame", threads, (id) => update({thread: Number(id), zoom: ""})),
		select("color", "Colours", Object.entries(colorings), (color) => update({color})),
		button("functionsButton", "Functions", "Table of functions, callers and callees (t)", () => update({functions: !state.functions})),
		page.search = make("input", {type: "text", placeholder: "Search (regular expression)", spellcheck: "false", autocomplete: "off",
			"aria-label": "Search names by regular expression", title: "Search (/ or Ctrl+F)", input: () => setSearch(page.search.value)}),
		button("clear", "\u00d7", "End the search (Esc)", () => { page.search.value = ""; setSearch("", "push"); }, {"aria-label": "End the search"}),
		button("ignoreCase", "Aa", "Ignore case", () => update({ignoreCase: !state.ignoreCase}, "replace"), {"aria-label": "Ignore case"}),
		page.matched = make("output", {"aria-live": "polite"}),
		button("theme", "\u25d0", "Light or dark", toggleTheme, {"aria-label": "Light or dark"}),
		button("helpButton", "?", "Keys and mouse (?)", () => page.help.showModal(), {"aria-label": "Help"}));
	page.thread.hidden = !(flags.timed || roots.length > 1);
	page.color.hidden = !flags.compared;
	return bar;
}
const keys = [["Click, Enter", "zoom into a frame"], ["Backspace", "back"], ["Esc", "end the search, then zoom out"],
	["Right click, m", "what can be done with a frame"], ["\u2190 \u2191 \u2192 \u2193", "move from frame to frame"], ["Home", "to the zoomed frame"],
	["/ or Ctrl+F", "search"], ["n, N", "next, previous frame found"], ["i", "flame or icicle"], ["t", "table of functions"],
	["s", "callers and callees of the function"], ["f, h", "focus on the function, hide it"], ["u", "end focus and hiding"],
	["c", "copy the name"]];
function buildHelp() {
	const rows = keys.map(([key, text]) => make("tr", {}, make("th", {scope: "row"}, key), make("td", {}, text)));
	return page.help = make("dialog", {"aria-label": "Keys and mouse"}, make("table", {}, make("tbody", {}, ...rows)),
		make("button", {click: () => page.help.close()}, "Close"));
}
function build() {
	const icon = {role: "application", tabindex: 0, "aria-label": "Flame graph: arrow keys move between frames, Enter zooms",
		"aria-roledescription": "flame graph"};
	page.canvas = make("canvas", icon);
	page.spacer = make("div", {id: "spacer"});
	page.graph = make("div", {id: "graph"}, page.canvas, page.spacer);
	page.functions = make("section", {id: "functions", "aria-label": "Functions", hidden: true});
	page.crumbs = make("nav", {id: "crumbs", "aria-label": "Way to the zoomed frame"});
	page.chips = make("div", {id: "chips"});
	page.details = make("div", {id: "details"});
	page.live = make("div", {id: "live", role: "status", "aria-live": "polite"});
	page.menu = make("div", {id: "menu", role: "menu", "aria-label": "Frame", hidden: true});
	document.querySelector("header").append(buildToolbar(), make("div", {id: "way"},
		button("back", "\u2190", "Back (Backspace)", () => history.back(), {"aria-label": "Back"}), page.crumbs, page.chips));
	document.body.append(make("main", {}, page.graph, page.functions), make("footer", {}, page.details, page.live), page.menu, buildHelp());
}

/* ---- the menu of a frame ---- */

function openMenu(frame, x, y) {
	const id = frame ? graph.name[frame] : -1;
	const item = (text, click) => make("button", {role: "menuitem", tabindex: -1, click: () => { closeMenu(); click(); }}, text);
	const ofName = [item("Callers and callees", () => choose(id)), item("Focus on this function", () => focusOn(id)),
		item("Hide this function", () => hide(id)), item("Find this function", () => find(id)), item("Copy name", () => copyName(id))];
	moveCursor(frame);
	page.menu.replaceChildren(item("Zoom", () => zoomTo(frame)), ...(id < 0 ? [] : ofName));
	page.menu.hidden = false;
	page.menu.style.left = Math.max(0, Math.min(x, innerWidth - page.menu.offsetWidth - 4)) + "px";
	page.menu.style.top = Math.max(0, Math.min(y, innerHeight - page.menu.offsetHeight - 4)) + "px";
	page.menu.firstChild.focus();
}
function closeMenu() {
	if (page.menu.hidden)
		return;
	page.menu.hidden = true;
	page.canvas.focus();
}
function menuKey(event) {
	const items = Array.from(page.menu.children), at = items.indexOf(document.activeElement);
	const moves = {ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1};
	if (event.key in moves)
		items[moves[event.key] % items.length].focus();
	else if (event.key === "Escape" || event.key === "Tab")
		closeMenu();
	else
		return;
	event.preventDefault();
	event.stopPropagation();
}

/* ---- mouse and keys ---- */

function frameUnder(event) {
	const box = page.canvas.getBoundingClientRect();
	return picture.frameAt(event.clientX - box.left, event.clientY - box.top);
}
function setHover(frame) {
	if (frame === picture.hover)
		return;
	picture.hover = frame;
	page.canvas.classList.toggle("over", frame >= 0);
	picture.repaint();
	showDetails();
}
function openMenuAtCursor() {
	const frame = picture.cursor, depth = depthOf(graph, frame), box = page.canvas.getBoundingClientRect(), {x, width} = picture.span(frame, depth);
	openMenu(frame, box.left + Math.max(0, x + width / 2), box.top + picture.rowY(depth) + picture.look.row);
}
const frameKeys = {
	ArrowUp: () => moveCursor(neighbour(state.icicle ? "out" : "in")),
	ArrowDown: () => moveCursor(neighbour(state.icicle ? "in" : "out")),
	ArrowLeft: () => moveCursor(neighbour(-1)),
	ArrowRight: () => moveCursor(neighbour(1)),
	Enter: () => zoomTo(picture.cursor),
	" ": () => zoomTo(picture.cursor),
	Home: () => moveCursor(zoomed),
	m: openMenuAtCursor,
	ContextMenu: openMenuAtCursor,
	c: () => copyName(cursorName()),
	f: () => focusOn(cursorName()),
	h: () => hide(cursorName()),
	s: () => cursorName() >= 0 && choose(cursorName()),
};
const pageKeys = {
	Backspace: () => history.state && history.state.steps && history.back(),
	Escape: reset,
	"/": () => page.search.focus(),
	n: () => stepMatch(1),
	N: () => stepMatch(-1),
	i: () => update({icicle: !state.icicle}),
	t: () => update({functions: !state.functions}),
	u: () => update({focus: -1, hidden: [], zoom: ""}),
	"?": () => page.help.showModal(),
};
function onKey(event) {
	const typing = event.target === page.search, control = event.ctrlKey || event.metaKey || event.altKey;
	if (page.help.open || !page.menu.hidden)
		return;
	if (event.key === "F3" || (control && event.key.toLowerCase() === "f")) {
		page.search.focus();
		page.search.select();
	} else if (typing && (event.key === "Enter" || event.key === "Escape")) {
		page.canvas.focus();
		if (event.key === "Escape")
			setSearch("");
		else
			stepMatch(1);
	} else if (typing || control || event.target.tagName === "SELECT") {
		return;
	} else if (event.target === page.canvas && event.key in frameKeys) {
		picture.keyboard = true;
		frameKeys[event.key]();
	} else if (event.key in pageKeys) {
		pageKeys[event.key]();
	} else {
		return;
	}
	event.preventDefault();
}
function listen() {
	const {canvas} = page;
	canvas.addEventListener("mousemove", (event) => setHover(frameUnder(event)));
	canvas.addEventListener("mouseleave", () => setHover(-1));
	canvas.addEventListener("click", (event) => {
		picture.keyboard = false;
		zoomTo(frameUnder(event));
	});
	canvas.addEventListener("contextmenu", (event) => {
		const frame = frameUnder(event);
		event.preventDefault();
		if (frame >= 0)
			openMenu(frame, event.clientX, event.clientY);
	});
	page.menu.addEventListener("keydown", menuKey);
	window.addEventListener("pointerdown", (event) => page.menu.contains(event.target) || (page.menu.hidden = true));
	window.addEventListener("keydown", onKey);
	new ResizeObserver(() => picture.fit()).observe(page.graph);
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => picture.setTheme());
}
/* Paper is light, and has no scroll bar. */
function printing(on) {
	document.documentElement.classList.toggle("printing", on);
	picture.setTheme();
	picture.fit();
	picture.paint();
}

build();
const picture = new Picture(page.graph, page.canvas, page.spacer, names, {row: Number(setting.row), font: Number(setting.font),
	cutLeft: setting.cutLeft === "1", searchColor: setting.searchColor});
const table = new FunctionTable(page.functions, {name: nameOf, weight: showWeight, percent: showPercent, choose});
Object.assign(state, decodeState(location.hash.slice(1)));
picture.setTheme();
picture.fit();
refresh();
showBack();
listen();
window.addEventListener("beforeprint", () => printing(true));
window.addEventListener("afterprint", () => printing(false));
