/* ---- the picture: those rows of the graph that are in the window, at the cost of its pixels ----
 *
 * The canvas is as large as the window's part for it and stays where it is; what scrolls is an empty element of the
 * height of all rows. (A canvas of that height is what browsers refuse.) */

const TALLEST = 8e6; /* px that browsers can scroll for sure; beyond it one px scrolls more than one */
const GAP = 3; /* px between a frame's edge and its label */

/* A name as a label: without its annotation, nothing that breaks the line. */
function labelOf(text) {
	return text.replace(/_\[[kwij]\]$/, "").replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]/g, "\ufffd");
}

/* Colours of names for a theme: `fill` and `ink` give CSS colours by number. */
class Palette {
	constructor(rgb, style) {
		const value = (name) => style.getPropertyValue(name).trim();
		this.rgb = rgb;
		this.fills = [];
		this.inks = [];
		this.tone = value("--tone").split(" ").map(Number);
		this.share = Number(value("--tone-share"));
		this.dark = value("--dark") === "1";
		this.root = value("--root");
		this.crumb = value("--crumb");
		this.ink = value("--ink");
		this.mark = value("--mark");
	}
	static luminance(r, g, b) {
		return 0.2126 * (r / 255) ** 2.2 + 0.7152 * (g / 255) ** 2.2 + 0.0722 * (b / 255) ** 2.2;
	}
	static inkOn(r, g, b) {
		return Palette.luminance(r, g, b) > 0.18 ? "#000" : "#fff";
	}
	make(id) {
		const [r, g, b] = [0, 1, 2].map((i) => Math.round(this.rgb[3 * id + i] * (1 - this.share) + this.tone[i] * this.share));
		this.fills[id] = `rgb(${r},${g},${b})`;
		this.inks[id] = Palette.inkOn(r, g, b);
	}
	fill(id) {
		if (!this.fills[id])
			this.make(id);
		return this.fills[id];
	}
	inkOf(id) {
		return this.inks[id];
	}
	/* Red for more, blue for less; share is from -1 to 1. */
	delta(share) {
		const strength = Math.sqrt(Math.min(1, Math.abs(share))), still = this.dark ? [70, 70, 74] : [236, 236, 236];
		const full = share > 0 ? [this.dark ? 230 : 240, 50, 40] : [50, 100, this.dark ? 240 : 250];
		const [r, g, b] = still.map((from, i) => Math.round(from + (full[i] - from) * strength));
		return {fill: `rgb(${r},${g},${b})`, ink: Palette.inkOn(r, g, b)};
	}
}

class Picture {
	/* `look` is {row, font, cutLeft, searchColor}: px, px, whether labels lose their start, a CSS colour. */
	constructor(box, canvas, spacer, names, look) {
		Object.assign(this, {box, canvas, spacer, names, look, pen: canvas.getContext("2d", {alpha: false})});
		this.labels = [];
		this.glyphs = new Map();
		this.graph = null;
		this.zoomed = this.cursor = 0;
		this.hover = -1;
		this.counts = null; /* of countMatches, while there is a search */
		this.icicle = false;
		this.deltaOf = null; /* frame -> -1 ... 1, if frames are coloured by it */
		this.pending = false;
		box.addEventListener("scroll", () => this.repaint());
	}

	/* ---- what is shown ---- */

	setTheme() {
		this.palette = new Palette(this.names.colors, getComputedStyle(document.documentElement));
		this.repaint();
	}
	/* Takes the size of the box. */
	fit() {
		const scale = window.devicePixelRatio || 1;
		this.width = this.box.clientWidth;
		this.height = this.box.clientHeight;
		this.canvas.width = Math.max(1, Math.round(this.width * scale));
		this.canvas.height = Math.max(1, Math.round(this.height * scale));
		this.canvas.style.width = this.width + "px";
		this.canvas.style.height = this.height + "px";
		this.pen.setTransform(scale, 0, 0, scale, 0, 0);
		this.measure();
	}
	/* Shows a part of a graph: `zoomed` fills the width, the frames under it are faint. */
	show(graph, zoomed) {
		this.graph = graph;
		this.zoomed = this.cursor = zoomed;
		this.hover = -1;
		this.path = pathTo(graph, zoomed);
		this.measure();
		this.scrollTo(this.path.length - 1);
	}
	measure() {
		if (!this.graph)
			return;
		this.rows = this.path.length + this.graph.height[this.zoomed];
		this.content = Math.max(this.rows * this.look.row, this.height);
		const scrolled = Math.min(this.content, TALLEST);
		this.spacer.style.height = scrolled - this.height + "px";
		this.stretch = (this.content - this.height) / Math.max(1, scrolled - this.height);
		this.repaint();
	}

	/* ---- places ---- */

	get top() {
		return this.box.scrollTop * this.stretch;
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
		const side = Math.max(0, depth - 3) * this.look.row;
		const top = this.icicle ? side : this.content - this.height - side;
		this.box.scrollTop = Math.max(0, top) / (this.stretch || 1);
		this.repaint();
	}
	reveal(depth) {
		const y = this.rowY(depth);
		if (y < 0 || y + this.look.row > this.height)
			this.scrollTo(depth);
	}
	/* Left edge and width, px; what is under the zoomed frame is as wide as it. */
	span(frame, depth) {
		if (depth < this.path.length)
			return {x: 0, width: this.width};
		const {start, total} = this.graph, scale = this.width / (total[this.zoomed] || 1);
		return {x: (start[frame] - start[this.zoomed]) * scale, width: total[frame] * scale};
	}
	/* The frame at a point of the canvas, or -1. */
	frameAt(x, y) {
		const depth = this.rowAt(y), {start, total} = this.graph;
		if (depth < 0 || depth >= this.rows)
			return -1;
		if (depth < this.path.length)
			return this.path[depth];
		const at = start[this.zoomed] + x / this.width * total[this.zoomed], frame = findFrame(this.graph, depth, at);
		return frame < this.graph.rows[depth + 1] && start[frame] <= at ? frame : -1;
	}
	/* The range of frames of a row, from `path.length` on, that stand on the zoomed one. */
	visibleRange(depth) {
		const {start, total, rows} = this.graph, x = start[this.zoomed], end = x + total[this.zoomed];
		let hi = findFrame(this.graph, depth, end);
		if (hi < rows[depth + 1] && start[hi] < end)
			hi++;
		return [findFrame(this.graph, depth, x), hi];
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
		if (!this.graph || !this.palette || !this.width)
			return;
		const pen = this.pen, first = this.rowAt(this.icicle ? 0 : this.height), last = this.rowAt(this.icicle ? this.height : 0);
		pen.fillStyle = this.palette.root;
		pen.fillRect(0, 0, this.width, this.height);
		pen.font = `${this.look.font}px ${getComputedStyle(this.canvas).fontFamily}`;
		pen.textBaseline = "middle";
		for (let depth = Math.max(0, first); depth <= Math.min(last, this.rows - 1); depth++)
			if (depth < this.path.length)
				this.paintAncestor(depth);
			else
				this.paintRow(depth);
		this.outline(this.hover, 1);
		this.outline(this.cursor, 2);
	}
	paintAncestor(depth) {
		this.pen.globalAlpha = depth < this.path.length - 1 ? 0.55 : 1;
		this.paintFrame(this.path[depth], 0, this.width, this.rowY(depth));
		this.pen.globalAlpha = 1;
	}
	/* Frames narrower than a px are painted as runs; the next frame that can be seen is found by halving. */
	paintRow(depth) {
		const {start, total} = this.graph, scale = this.width / (total[this.zoomed] || 1), zero = start[this.zoomed];
		const y = this.rowY(depth), [from, to] = this.visibleRange(depth);
		const run = {x: 0, end: -1, found: false};
		for (let i = from; i < to;) {
			const x = (start[i] - zero) * scale, width = total[i] * scale;
			if (width >= 1) {
				this.paintFrame(i, x, width, y);
				i++;
				continue;
			}
			const pixel = Math.floor(x) + 1;
			const next = Math.min(to, Math.max(i + 1, findFrame(this.graph, depth, zero + pixel / scale, i)));
			const end = (start[next - 1] + total[next - 1] - zero) * scale;
			const found = this.counts !== null && this.counts[next] > this.counts[i];
			if (x > run.end + 0.5 || found !== run.found) {
				this.paintRun(run, y);
				run.x = x;
				run.found = found;
			}
			run.end = end;
			i = next;
		}
		this.paintRun(run, y);
	}
	paintRun({x, end, found}, y) {
		if (end <= x)
			return;
		this.pen.fillStyle = found ? this.look.searchColor : this.palette.crumb;
		this.pen.fillRect(x, y, Math.max(end - x, 0.3), this.look.row - 1);
	}
	/* What a frame is painted with. */
	colorsOf(frame) {
		const id = this.graph.name[frame];
		if (this.counts && this.counts[frame + 1] > this.counts[frame])
			return {fill: this.look.searchColor, ink: this.searchInk};
		if (this.deltaOf)
			return this.palette.delta(this.deltaOf(frame));
		if (!frame)
			return {fill: this.palette.crumb, ink: this.palette.ink};
		return {fill: this.palette.fill(id), ink: this.palette.inkOf(id)};
	}
	paintFrame(frame, x, width, y) {
		const {fill, ink} = this.colorsOf(frame), gap = width > 3 ? 1 : width / 4;
		this.pen.fillStyle = fill;
		this.pen.fillRect(x, y, width - gap, this.look.row - 1);
		const text = width > 2 * this.look.font ? this.cut(this.label(frame), width - 2 * GAP) : "";
		if (!text)
			return;
		this.pen.fillStyle = ink;
		this.pen.fillText(text, x + GAP, y + this.look.row / 2);
	}
	outline(frame, thickness) {
		if (frame < 0)
			return;
		const depth = depthOf(this.graph, frame), {x, width} = this.span(frame, depth), y = this.rowY(depth);
		const left = Math.max(0, x), right = Math.min(this.width, x + width);
		if (right < left || (thickness > 1 && frame === this.zoomed && !this.keyboard))
			return;
		this.pen.strokeStyle = this.palette.mark;
		this.pen.lineWidth = thickness;
		this.pen.strokeRect(left + thickness / 2, y + thickness / 2, Math.max(0, right - left - thickness - 1), this.look.row - thickness - 1);
	}

	/* ---- labels ---- */

	label(frame) {
		const id = this.graph.name[frame];
		if (!frame)
			return "all";
		if (this.labels[id] === undefined)
			this.labels[id] = labelOf(this.names.texts[id]);
		return this.labels[id];
	}
	glyphWidth(glyph) {
		let width = this.glyphs.get(glyph);
		if (width === undefined)
			this.glyphs.set(glyph, width = this.pen.measureText(glyph).width);
		return width;
	}
	/* As much of the text as has room, with dots where it was cut; "" if that is not even a few letters. */
	cut(text, room) {
		const dots = 2 * this.glyphWidth("."), step = this.look.cutLeft ? -1 : 1;
		const glyphs = text.length > room ? text.slice(step < 0 ? -Math.ceil(room) : 0, step < 0 ? undefined : Math.ceil(room)) : text;
		let used = 0, fits = 0;
		const list = Array.from(glyphs);
		if (step < 0)
			list.reverse();
		for (const glyph of list) {
			used += this.glyphWidth(glyph);
			if (used + dots <= room)
				fits++;
			if (used > room)
				break;
		}
		if (used <= room && glyphs === text)
			return text;
		if (fits < 2)
			return "";
		const kept = list.slice(0, fits);
		return step < 0 ? ".." + kept.reverse().join("") : kept.join("") + "..";
	}
}
