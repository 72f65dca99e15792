/* ---- colours ---- */

/* What is behind the frames; outlines and faint texts; frames too narrow to be seen apart; what names' colours are
 * mixed with and how much; frames that did not change, or have more or less weight than before. */
const themes = {
	light: {back: "#f4f4f2", mark: "#000", crumb: "#e2c9a8", tone: "#fff", toneShare: 0.12,
		same: "#ececec", more: "#f0322a", less: "#3264fa"},
	dark: {back: "#232326", mark: "#fff", crumb: "#6e5a42", tone: "#1e1e1e", toneShare: 0.25,
		same: "#46464a", more: "#e63228", less: "#3264f0"},
};

/* Of "#rrggbb" or "#rgb". */
function parseHex(hex) {
	const digits = hex.length < 7 ? hex.slice(1).replace(/./g, "$&$&") : hex.slice(1);
	return [0, 2, 4].map((i) => parseInt(digits.slice(i, i + 2), 16));
}
/* Black or white, what can be read better on that colour. */
function inkOn([r, g, b]) {
	const light = (part) => (part / 255) ** 2.2;
	return 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b) > 0.18 ? "#000" : "#fff";
}
function mixColors(from, to, share) {
	return from.map((part, i) => Math.round(part + (to[i] - part) * share));
}
function paintOf(color) {
	return {fill: `rgb(${color})`, ink: inkOn(color)};
}

/* What frames are painted with, {fill, ink}. `rgb`: the names' colours, three bytes each. */
class Palette {
	constructor(rgb, theme, foundColor) {
		this.rgb = rgb;
		this.byName = [];
		this.theme = theme;
		this.tone = parseHex(theme.tone);
		this.crumb = paintOf(parseHex(theme.crumb));
		this.found = paintOf(parseHex(foundColor));
		this.deltas = [theme.same, theme.more, theme.less].map(parseHex);
	}
	name(id) {
		const color = () => Array.from(this.rgb.subarray(3 * id, 3 * id + 3));
		if (!this.byName[id])
			this.byName[id] = paintOf(mixColors(color(), this.tone, this.theme.toneShare));
		return this.byName[id];
	}
	/* More or less, from -1 to 1; small changes are to be seen too. */
	delta(share) {
		const [same, more, less] = this.deltas;
		return paintOf(mixColors(same, share > 0 ? more : less, Math.sqrt(Math.min(1, Math.abs(share)))));
	}
}

/* ---- labels ---- */

/* A name on one line, without its annotation. */
function labelOf(text) {
	return text.replace(/_\[[kwij]\]$/, "").replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]/g, "\ufffd");
}

/* Cuts labels by the width of their glyphs. */
class Letters {
	/* `fromLeft`: labels lose their start. */
	constructor(pen, fromLeft) {
		Object.assign(this, {pen, fromLeft, widths: new Map()});
	}
	width(glyph) {
		let width = this.widths.get(glyph);
		if (width === undefined)
			this.widths.set(glyph, width = this.pen.measureText(glyph).width);
		return width;
	}
	/* As much of the text as has room, with dots where it was cut; "" if that is less than two letters. */
	cut(text, room) {
		const most = Math.ceil(room), dots = 2 * this.width(".");
		const part = text.length <= most ? text : this.fromLeft ? text.slice(-most) : text.slice(0, most);
		const glyphs = this.fromLeft ? Array.from(part).reverse() : Array.from(part);
		let used = 0, fits = 0;
		for (const glyph of glyphs) {
			used += this.width(glyph);
			if (used > room)
				break;
			fits += used + dots <= room ? 1 : 0;
		}
		if (used <= room && part === text)
			return text;
		const kept = glyphs.slice(0, fits);
		if (fits < 2)
			return "";
		return this.fromLeft ? ".." + kept.reverse().join("") : kept.join("") + "..";
	}
}

/* ---- frames too narrow to be seen apart: runs of them along the rows, so that there is little to paint ---- */

class Runs {
	constructor() {
		this.list = []; /* left, right, y of each, by turns */
	}
	add(left, right, y) {
		const {list} = this, last = list.length - 3;
		if (last >= 0 && list[last + 2] === y && left <= list[last + 1] + 0.5)
			list[last + 1] = right;
		else
			list.push(left, right, y);
	}
	paint(pen, fill, height) {
		pen.fillStyle = fill;
		for (let i = 0; i < this.list.length; i += 3) {
			const left = this.list[i], width = this.list[i + 1] - left;
			pen.fillRect(left, this.list[i + 2], Math.max(width, 0.3), height);
		}
	}
}

/* ---- the picture: those rows of the graph that are in the window, at the cost of its pixels ----
 *
 * The canvas is as large as its part of the window and stays where it is; what scrolls is an empty element of the
 * height of all rows. (A canvas of that height is what browsers refuse.) */

const TALLEST = 8e6; /* px that browsers can scroll for sure; beyond it one px scrolls more than one */
const GAP = 3; /* px between a frame's edge and its label */

class Picture {
	/* `look` is {row, font, fromLeft, foundColor}: px, px, whether labels lose their start, "#rrggbb". `painted` is
	 * called whenever it was painted. */
	constructor({box, canvas, spacer}, names, look, painted) {
		Object.assign(this, {box, canvas, spacer, names, look, painted});
		this.pen = canvas.getContext("2d", {alpha: false});
		this.labels = [];
		this.letters = new Letters(this.pen, look.fromLeft);
		this.graph = null;
		this.zoomed = 0; /* fills the width, unless `from` and `to` narrow that; what is under it is faint */
		this.cursor = 0; /* of the keyboard */
		this.hover = -1; /* under the mouse */
		this.counts = null; /* of countMatches, while there is a search */
		this.icicle = false;
		this.deltaOf = null; /* frame -> -1 ... 1, if frames are coloured by it */
		this.pending = false;
		this.content = this.height = this.width = 0;
		this.stretch = 1;
		this.kept = 0; /* the last offset of the size we know: when the box grows, the browser scrolls before fit() */
		box.addEventListener("scroll", () => {
			if (box.clientHeight === this.height)
				this.kept = this.offset;
			this.repaint();
		});
	}

	/* ---- what is shown ---- */

	setTheme(theme) {
		this.palette = new Palette(this.names.colors, theme, this.look.foundColor);
		this.repaint();
	}
	/* Takes the size of the box; the rows stay where they are, seen from the root. */
	fit() {
		const offset = this.kept;
		const scale = window.devicePixelRatio || 1;
		this.width = this.box.clientWidth;
		this.height = this.box.clientHeight;
		this.canvas.width = Math.max(1, Math.round(this.width * scale));
		this.canvas.height = Math.max(1, Math.round(this.height * scale));
		this.canvas.style.width = this.width + "px";
		this.canvas.style.height = this.height + "px";
		this.pen.setTransform(scale, 0, 0, scale, 0, 0);
		this.measure();
		this.offset = offset;
	}
	show(graph, zoomed) {
		this.graph = graph;
		this.zoomed = this.cursor = zoomed;
		this.hover = -1;
		this.path = pathTo(graph, zoomed);
		this.from = graph.start[zoomed];
		this.to = this.from + graph.total[zoomed];
		this.measure();
		this.scrollTo(this.path.length - 1);
	}
	/* Shows a part of the zoomed frame's width: weights from its start. */
	setSpan(from, to) {
		const zero = this.graph.start[this.zoomed], whole = this.graph.total[this.zoomed];
		const size = Math.min(whole, Math.max(to - from, whole * 1e-7));
		this.from = zero + Math.min(Math.max(0, from), whole - size);
		this.to = this.from + size;
		this.repaint();
	}
	get span() {
		const zero = this.graph.start[this.zoomed];
		return [this.from - zero, this.to - zero];
	}
	get isWhole() {
		return this.to - this.from >= this.graph.total[this.zoomed];
	}
	measure() {
		if (!this.graph)
			return;
		this.rows = this.path.length + this.graph.height[this.zoomed];
		this.content = Math.max(this.rows * this.look.row, this.height);
		const scrolled = Math.min(this.content, TALLEST);
		this.spacer.style.height = scrolled - this.height + "px";
		this.stretch = scrolled > this.height ? (this.content - this.height) / (scrolled - this.height) : 1;
		this.repaint();
	}

	/* ---- places ---- */

	get top() {
		return this.box.scrollTop * this.stretch;
	}
	/* How far it is scrolled away from the root, px. */
	get offset() {
		return this.icicle ? this.top : this.content - this.height - this.top;
	}
	set offset(px) {
		this.kept = px;
		this.box.scrollTop = Math.max(0, this.icicle ? px : this.content - this.height - px) / this.stretch;
		this.repaint();
	}
	get scale() {
		return this.width / (this.to - this.from || 1);
	}
	/* The upper edge of a row on the canvas. */
	rowY(depth) {
		const y = this.icicle ? depth * this.look.row : this.content - (depth + 1) * this.look.row;
		return y - this.top;
	}
	rowAt(y) {
		const below = this.icicle ? y + this.top : this.content - this.top - y;
		return Math.floor(below / this.look.row);
	}
	/* Brings a row into view, with a few rows on the root's side. */
	scrollTo(depth) {
		this.offset = Math.max(0, depth - 3) * this.look.row;
	}
	/* Brings a frame into view. */
	reveal(frame) {
		const depth = depthOf(this.graph, frame), y = this.rowY(depth);
		const {left, right} = this.edges(frame, depth);
		if (y < 0 || y + this.look.row > this.height)
			this.scrollTo(depth);
		if (right <= 0 || left >= this.width) {
			const [from, to] = this.span, middle = from + (left + right) / 2 / this.scale;
			this.setSpan(middle - (to - from) / 2, middle + (to - from) / 2);
		}
	}
	/* Where a frame is, in px; what is under the zoomed frame is as wide as it. */
	edges(frame, depth) {
		if (depth < this.path.length)
			return {left: 0, right: this.width};
		const left = (this.graph.start[frame] - this.from) * this.scale;
		return {left, right: left + this.graph.total[frame] * this.scale};
	}
	/* The frame at a point of the canvas, or -1. */
	frameAt(x, y) {
		const depth = this.rowAt(y), {start, rows} = this.graph;
		if (depth < 0 || depth >= this.rows)
			return -1;
		if (depth < this.path.length)
			return this.path[depth];
		const at = this.from + x / this.scale, frame = findFrame(this.graph, depth, at);
		return frame < rows[depth + 1] && start[frame] <= at ? frame : -1;
	}
	/* The range of frames of a row between two weights. */
	framesBetween(depth, from, to) {
		const end = findFrame(this.graph, depth, to);
		const reaches = end < this.graph.rows[depth + 1] && this.graph.start[end] < to;
		return [findFrame(this.graph, depth, from), reaches ? end + 1 : end];
	}
	/* All frames of a row that stand on the zoomed one, or are it or under it. */
	framesOf(depth) {
		const from = this.graph.start[this.zoomed];
		if (depth < this.path.length)
			return [this.path[depth], this.path[depth] + 1];
		return this.framesBetween(depth, from, from + this.graph.total[this.zoomed]);
	}

	/* ---- painting ---- */

	repaint() {
		if (this.pending)
			return;
		this.pending = true;
		requestAnimationFrame(() => {
			this.pending = false;
			this.paint();
		});
	}
	paint() {
		if (!this.graph || !this.width)
			return;
		const edges = [this.rowAt(0), this.rowAt(this.height)], faint = this.path.length - 1;
		const last = Math.min(Math.max(...edges), this.rows - 1);
		this.pen.fillStyle = this.palette.theme.back;
		this.pen.fillRect(0, 0, this.width, this.height);
		this.pen.font = `${this.look.font}px ${getComputedStyle(this.canvas).fontFamily}`;
		this.pen.textBaseline = "middle";
		const crumbs = new Runs(), found = new Runs();
		for (let depth = Math.max(0, Math.min(...edges)); depth <= last; depth++)
			if (depth < this.path.length)
				this.paintFrame(this.path[depth], 0, this.width, this.rowY(depth), depth < faint);
			else
				this.paintRow(depth, crumbs, found);
		crumbs.paint(this.pen, this.palette.crumb.fill, this.look.row - 1);
		found.paint(this.pen, this.palette.found.fill, this.look.row - 1);
		this.outline(this.hover, 1);
		if (this.cursor !== this.zoomed || this.canvas.matches(":focus-visible"))
			this.outline(this.cursor, 2);
		this.painted();
	}
	/* Of frames narrower than a px, the next one that can be seen is found by halving. */
	paintRow(depth, crumbs, found) {
		const {start, total} = this.graph, {from, scale} = this, y = this.rowY(depth);
		const [first, end] = this.framesBetween(depth, this.from, this.to);
		for (let i = first, next; i < end; i = next) {
			const left = (start[i] - from) * scale, width = total[i] * scale;
			next = i + 1;
			if (width >= 1) {
				this.paintFrame(i, left, left + width, y);
				continue;
			}
			next = Math.min(end, findFrame(this.graph, depth, from + (Math.floor(left) + 1) / scale, next));
			const right = (start[next - 1] + total[next - 1] - from) * scale;
			crumbs.add(left, right, y);
			if (this.isFound(i, next))
				found.add(left, right, y);
		}
	}
	/* Whether any frame of a range was found. */
	isFound(first, end) {
		return this.counts !== null && this.counts[end] > this.counts[first];
	}
	paintFor(frame) {
		if (this.isFound(frame, frame + 1))
			return this.palette.found;
		if (this.deltaOf)
			return this.palette.delta(this.deltaOf(frame));
		return frame ? this.palette.name(this.graph.name[frame]) : this.palette.crumb;
	}
	paintFrame(frame, left, right, y, faint = false) {
		const {fill, ink} = this.paintFor(frame);
		const x = Math.max(left, 0), width = Math.min(right, this.width) - x;
		this.pen.globalAlpha = faint ? 0.4 : 1;
		this.pen.fillStyle = fill;
		this.pen.fillRect(x, y, width - (width > 3 ? 1 : width / 4), this.look.row - 1);
		this.pen.globalAlpha = 1;
		const text = width > 2 * this.look.font ? this.letters.cut(this.label(frame), width - 2 * GAP) : "";
		this.pen.fillStyle = faint ? this.palette.theme.mark : ink;
		if (text)
			this.pen.fillText(text, x + GAP, y + this.look.row / 2);
	}
	outline(frame, thickness) {
		if (frame < 0)
			return;
		const depth = depthOf(this.graph, frame), {left, right} = this.edges(frame, depth);
		const x = Math.max(0, left), width = Math.min(this.width, right) - x - 1, y = this.rowY(depth);
		if (right < 0 || left > this.width)
			return;
		this.pen.strokeStyle = this.palette.theme.mark;
		this.pen.lineWidth = thickness;
		this.pen.strokeRect(x + thickness / 2, y + thickness / 2, Math.max(0, width - thickness),
			this.look.row - 1 - thickness);
	}
	label(frame) {
		const id = this.graph.name[frame];
		if (frame && this.labels[id] === undefined)
			this.labels[id] = labelOf(this.names.texts[id]);
		return frame ? this.labels[id] : "all";
	}
}
