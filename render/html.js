/* ---- actions ---- */

function zoomTo(frame) {
	if (frame >= 0 && (frame !== zoomed || !picture.isWhole))
		update({zoom: keyOf(frame)});
}
function goBack() {
	if (stepsBack())
		history.back();
}
function endSearchOrZoom() {
	update(state.search ? {search: ""} : {zoom: ""});
}
function focusOn(id) {
	if (id >= 0)
		update({focus: id, zoom: ""});
}
function hide(id) {
	if (id >= 0 && !state.hidden.includes(id))
		update({hidden: [...state.hidden, id], zoom: ""});
}
/* Shows callers and callees. */
function choose(id) {
	update({functions: true, chosen: id});
}
function find(id) {
	const expression = names.texts[id].replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	update({search: `^${expression}$`, ignoreCase: false});
}
function say(text) {
	page.live.textContent = page.details.textContent = text;
}
function copyByHand(text) {
	const field = make("textarea");
	field.value = text;
	document.body.append(field);
	field.select();
	document.execCommand("copy");
	field.remove();
}
async function copyName(id) {
	if (id < 0)
		return;
	try {
		await navigator.clipboard.writeText(names.texts[id]);
	} catch (e) { /* not in this browser, or not for this page */
		copyByHand(names.texts[id]);
	}
	say(`Copied: ${nameOf(id)}`);
}
let chosenTheme = ""; /* "": the system's */

function currentTheme() {
	return chosenTheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
function setTheme(theme) {
	document.documentElement.style.colorScheme = theme;
	picture.setTheme(themes[theme]);
}
function toggleTheme() {
	chosenTheme = currentTheme() === "dark" ? "light" : "dark";
	setTheme(chosenTheme);
}

/* ---- the cursor ---- */

function moveCursor(frame) {
	if (frame < 0)
		return;
	picture.cursor = frame;
	picture.hover = -1;
	picture.reveal(frame);
	picture.repaint();
	showDetails();
	page.live.textContent = `${describe(frame)}, row ${depthOf(graph, frame) + 1}`;
}
/* The name at the cursor, -1 at the root. */
function cursorName() {
	return picture.cursor ? graph.name[picture.cursor] : -1;
}
function widestChild(frame) {
	const {first, total} = graph, depth = depthOf(graph, frame);
	if (depth + 1 < picture.path.length)
		return picture.path[depth + 1];
	let widest = -1;
	for (let i = first[frame]; i < first[frame + 1]; i++)
		if (widest < 0 || total[i] > total[widest])
			widest = i;
	return widest;
}
function moveOut() {
	moveCursor(picture.cursor ? graph.parent[picture.cursor] : -1);
}
function moveIn() {
	moveCursor(widestChild(picture.cursor));
}
function moveBeside(step) {
	const [from, to] = picture.framesOf(depthOf(graph, picture.cursor)), next = picture.cursor + step;
	moveCursor(next >= from && next < to ? next : -1);
}
/* To the next (1) or previous (-1) frame found in the zoomed part. */
function moveToMatch(step) {
	const {start, total} = graph, from = start[zoomed], to = from + total[zoomed];
	for (let i = picture.cursor + step; picture.counts && i >= zoomed && i < graph.count; i += step)
		if (picture.isFound(i, i + 1) && start[i] >= from && start[i] + total[i] <= to)
			return moveCursor(i);
}

/* ---- a part of the width ---- */

let spanTimer = 0;

/* Shows that part. It comes into the address when it stays for a moment: browsers limit how often that may be done. */
function setSpan(from, to) {
	picture.setSpan(from, to);
	clearTimeout(spanTimer);
	spanTimer = setTimeout(() => {
		state.span = picture.isWhole ? "" : picture.span.join("~");
		saveState(false);
	}, 300);
}
/* Makes the part `factor` times as wide, around x (px). */
function scaleSpan(factor, x) {
	const [from, to] = picture.span, at = from + (to - from) * x / picture.width;
	setSpan(at - (at - from) * factor, at + (to - at) * factor);
}
/* Moves it by a share of itself. */
function shiftSpan(share) {
	const [from, to] = picture.span;
	setSpan(from + (to - from) * share, to + (to - from) * share);
}

/* ---- the menu of a frame ---- */

function openMenu(frame, x, y) {
	const id = frame ? graph.name[frame] : -1;
	const item = (text, act) => make("button", {role: "menuitem", tabindex: -1, click: () => {
		closeMenu();
		act();
	}}, text);
	const ofName = () => [
		item("Callers and callees", () => choose(id)),
		item("Focus on this function", () => focusOn(id)),
		item("Hide what goes through it", () => hide(id)),
		item("Find this function", () => find(id)),
		item("Copy name", () => copyName(id)),
	];
	moveCursor(frame);
	page.menu.replaceChildren(item("Zoom", () => zoomTo(frame)), ...(id < 0 ? [] : ofName()));
	page.menu.hidden = false;
	page.menu.style.left = Math.max(0, Math.min(x, innerWidth - page.menu.offsetWidth - 4)) + "px";
	page.menu.style.top = Math.max(0, Math.min(y, innerHeight - page.menu.offsetHeight - 4)) + "px";
	page.menu.firstChild.focus();
}
function openMenuAtCursor() {
	const frame = picture.cursor, depth = depthOf(graph, frame), {left, right} = picture.edges(frame, depth);
	const box = page.canvas.getBoundingClientRect(), x = (Math.max(0, left) + Math.min(picture.width, right)) / 2;
	openMenu(frame, box.left + x, box.top + picture.rowY(depth) + picture.look.row);
}
function closeMenu() {
	page.menu.hidden = true;
	page.canvas.focus();
}
function onMenuKey(event) {
	const items = Array.from(page.menu.children), at = items.indexOf(document.activeElement);
	const moves = {ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1};
	if (event.key in moves)
		items[moves[event.key] % items.length].focus();
	else if (event.key === "Escape" || event.key === "Tab")
		closeMenu();
	else
		return;
	event.preventDefault();
}

/* ---- mouse ---- */

const drag = {down: false, moved: false, x: 0, y: 0};

function pointOf(event) {
	const box = page.canvas.getBoundingClientRect();
	return [event.clientX - box.left, event.clientY - box.top];
}
function setHover(frame) {
	if (frame === picture.hover)
		return;
	picture.hover = frame;
	page.canvas.classList.toggle("over", frame >= 0);
	picture.repaint();
	showDetails();
}
function onPointerDown(event) {
	const outside = !page.menu.hidden && !page.menu.contains(event.target);
	const down = event.target === page.canvas && event.button === 0;
	Object.assign(drag, {down, moved: outside, x: event.clientX, y: event.clientY});
	if (outside)
		page.menu.hidden = true;
}
function onPointerMove(event) {
	const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
	if (!drag.down || event.pointerType === "touch" || (!drag.moved && Math.abs(dx) + Math.abs(dy) < 5))
		return;
	Object.assign(drag, {moved: true, x: event.clientX, y: event.clientY});
	page.graph.scrollTop -= dy;
	if (!picture.isWhole)
		shiftSpan(-dx / picture.width);
}
function onWheel(event) {
	const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
	const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
	const px = unit * ((sideways && event.deltaX) || event.deltaY);
	if (event.ctrlKey)
		scaleSpan(Math.exp(px * 0.003), pointOf(event)[0]);
	else if (sideways && !picture.isWhole)
		shiftSpan(px / picture.width);
	else
		return;
	event.preventDefault();
}
function listenToMouse() {
	const {canvas} = page;
	canvas.addEventListener("mousemove", (event) => setHover(picture.frameAt(...pointOf(event))));
	canvas.addEventListener("mouseleave", () => setHover(-1));
	canvas.addEventListener("click", (event) => drag.moved || zoomTo(picture.frameAt(...pointOf(event))));
	canvas.addEventListener("wheel", onWheel, {passive: false});
	canvas.addEventListener("contextmenu", (event) => {
		const frame = picture.frameAt(...pointOf(event));
		event.preventDefault();
		if (frame >= 0)
			openMenu(frame, event.clientX, event.clientY);
	});
	window.addEventListener("pointerdown", onPointerDown);
	window.addEventListener("pointermove", onPointerMove);
	window.addEventListener("pointerup", () => { drag.down = false; });
}

/* ---- keys ---- */

const graphKeys = {
	ArrowUp: () => state.icicle ? moveOut() : moveIn(),
	ArrowDown: () => state.icicle ? moveIn() : moveOut(),
	ArrowLeft: () => moveBeside(-1),
	ArrowRight: () => moveBeside(1),
	"Shift+ArrowLeft": () => shiftSpan(-0.25),
	"Shift+ArrowRight": () => shiftSpan(0.25),
	Home: () => moveCursor(zoomed),
	Enter: () => zoomTo(picture.cursor),
	" ": () => zoomTo(picture.cursor),
	m: openMenuAtCursor,
	ContextMenu: openMenuAtCursor,
	"Shift+F10": openMenuAtCursor,
};
const pageKeys = {
	Backspace: goBack,
	Escape: endSearchOrZoom,
	"+": () => scaleSpan(1 / 1.5, picture.width / 2),
	"-": () => scaleSpan(1.5, picture.width / 2),
	"/": () => page.search.select(),
	n: () => moveToMatch(1),
	N: () => moveToMatch(-1),
	i: () => update({icicle: !state.icicle}),
	t: () => update({functions: !state.functions}),
	s: () => choose(cursorName()),
	f: () => focusOn(cursorName()),
	h: () => hide(cursorName()),
	u: () => update({focus: -1, hidden: [], zoom: ""}),
	c: () => copyName(cursorName()),
	"?": () => page.help.showModal(),
};
const searchKeys = {
	Enter: () => {
		page.canvas.focus();
		moveToMatch(1);
	},
	Escape: () => {
		page.canvas.focus();
		update({search: ""});
	},
};
/* What the key does where it was pressed, or undefined. */
function actionOf(event) {
	const key = event.shiftKey && event.key.length > 1 ? "Shift+" + event.key : event.key;
	const pick = (keys) => Object.hasOwn(keys, key) ? keys[key] : undefined;
	const searching = event.target === page.search;
	if (event.key === "F3" || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f"))
		return searching ? undefined : () => page.search.select();
	if (event.ctrlKey || event.metaKey || event.altKey || page.help.open || page.menu.contains(event.target))
		return undefined;
	if (searching || event.target.tagName === "SELECT")
		return searching ? pick(searchKeys) : undefined;
	return (event.target === page.canvas && pick(graphKeys)) || pick(pageKeys);
}
function onKey(event) {
	const act = actionOf(event);
	if (!act)
		return;
	event.preventDefault();
	act();
}

/* ---- start ---- */

/* Paper is light, and is not waited for. */
function print(theme) {
	setTheme(theme);
	picture.fit();
	picture.paint();
}
function listen() {
	listenToMouse();
	page.menu.addEventListener("keydown", onMenuKey);
	window.addEventListener("keydown", onKey);
	window.addEventListener("popstate", () => {
		Object.assign(state, decodeState(location.hash.slice(1)));
		refresh();
	});
	window.addEventListener("beforeprint", () => print("light"));
	window.addEventListener("afterprint", () => print(currentTheme()));
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTheme(currentTheme()));
	new ResizeObserver(() => picture.fit()).observe(page.graph);
}

buildPage();
const look = {row: Number(setting.row), font: Number(setting.font), fromLeft: setting.cutLeft === "1",
	foundColor: setting.searchColor};
const picture = new Picture({box: page.graph, canvas: page.canvas, spacer: page.spacer}, names, look, showRuler);
const table = new FunctionTable(page.functions, {name: nameOf, title: titleOf, weight: showWeight, percent: showPercent,
	change: (weight) => showChange(setting.negate === "1" ? -weight : weight), choose});
Object.assign(state, decodeState(location.hash.slice(1)));
setTheme(currentTheme());
picture.fit();
refresh();
listen();
