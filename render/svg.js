"use strict";
(function () {
var xhtml = "http://www.w3.org/1999/xhtml", margin = 10, gap = 3;
var root = document.documentElement, byId = function (id) { return document.getElementById(id); };
var box = byId("frames"), details = byId("details"), matched = byId("matched"), unzoomButton = byId("unzoom");
var searchButton = byId("search"), caseButton = byId("ignorecase");
var number = function (element, name) { return parseFloat(element.getAttribute(name)); };
var leftOut = box.getAttribute("data-left-out"), inverted = box.getAttribute("data-inverted") === "1";
var cutLeft = box.getAttribute("data-left") === "1", nameType = box.getAttribute("data-type");
var searchColor = box.getAttribute("data-color");
var pictureWidth = root.viewBox.baseVal.width - 2 * margin;

/* ---- frames, in document order: a parent before its children, siblings from left to right ---- */

function Frame(group) {
	this.group = group;
	this.rect = group.getElementsByTagName("rect")[0];
	this.text = group.getElementsByTagName("text")[0];
	this.title = group.getElementsByTagName("title")[0].textContent;
	this.name = this.title.replace(/ \([^(]*\)$/, "");
	this.start = number(this.rect, "fg:x");
	this.end = this.start + number(this.rect, "fg:w");
	this.self = number(this.rect, "fg:s") || 0;
	this.hidden = this.end - this.start - this.self; /* weight of the children that are not there: less those that are */
	this.x = this.rect.getAttribute("x");
	this.y = this.rect.getAttribute("y");
	this.fill = this.rect.getAttribute("fill");
	this.shown = true;
	this.width = number(this.rect, "width");
}

var frames = [], indexes = new Map();
Array.prototype.forEach.call(box.children, function (group) {
	if (!group.getElementsByTagName("rect").length)
		return;
	var frame = new Frame(group);
	frame.index = frames.length;
	indexes.set(group, frame.index);
	frames.push(frame);
});
if (!frames.length)
	return;
var rootFrame = frames[0], zoomed = rootFrame, focused = rootFrame;

/* depths, from the rows; parents, from the order */
(function () {
	var row = number(rootFrame.rect, "height") + 1, newest = [];
	frames.forEach(function (frame) {
		frame.depth = Math.round(Math.abs(frame.y - rootFrame.y) / row);
		frame.parent = frame.depth ? newest[frame.depth - 1] : null;
		newest[frame.depth] = frame;
		if (frame.parent)
			frame.parent.hidden -= frame.end - frame.start;
	});
})();

/* ---- labels, by measured width ---- */

var canvas = document.createElementNS(xhtml, "canvas"), pen = canvas.getContext && canvas.getContext("2d");
var widths = {};
if (pen) {
	var style = window.getComputedStyle(rootFrame.text);
	pen.font = style.fontSize + " " + style.fontFamily;
}
function glyphWidth(c) {
	if (!(c in widths))
		widths[c] = pen ? pen.measureText(c).width : 7;
	return widths[c];
}
function label(frame) {
	var name = frame.name.replace(/_\[[kwij]\]$/, ""), room = frame.width - 2 * gap;
	if (frame === rootFrame || room < 2 * glyphWidth("m"))
		return "";
	var glyphs = Array.from(name), used = 0, dots = 2 * glyphWidth("."), fits = 0, i;
	if (cutLeft)
		glyphs.reverse();
	for (i = 0; i < glyphs.length; i++) {
		used += glyphWidth(glyphs[i]);
		if (used + dots <= room)
			fits = i + 1;
		if (used > room)
			break;
	}
	if (i === glyphs.length)
		return name;
	if (fits < 1)
		return "";
	glyphs = glyphs.slice(0, fits);
	return cutLeft ? ".." + glyphs.reverse().join("") : glyphs.join("") + "..";
}
function relabel() {
	frames.forEach(function (frame) {
		if (!frame.shown)
			return;
		var text = label(frame);
		if (frame.text.textContent !== text)
			frame.text.textContent = text;
	});
}

/* ---- details ---- */

function idleDetails() {
	return leftOut || " ";
}
function percent(part, whole) {
	return (100 * part / (whole || 1)).toFixed(2) + "%";
}
/* Weight of the frames below the zoomed one that are too narrow to be there. */
function hiddenWeight() {
	return frames.reduce(function (sum, frame) {
		var inside = frame.start >= zoomed.start && frame.end <= zoomed.end && frame.depth >= zoomed.depth;
		return inside ? sum + frame.hidden : sum;
	}, 0);
}
function describe(frame) {
	if (!frame) {
		details.textContent = idleDetails();
		return;
	}
	var text = nameType + " " + frame.title + ", self " + percent(frame.self, rootFrame.end);
	var width = frame.end - frame.start, hidden = frame === zoomed && frame !== rootFrame ? hiddenWeight() : 0;
	if (hidden > 1e-6 * width)
		text += "; " + percent(hidden, width) + " of it is in frames too narrow to be shown";
	details.textContent = text;
}
function describeZoomed() {
	describe(zoomed === rootFrame ? null : zoomed);
}

/* ---- zoom ---- */

function place(frame, x, width) {
	frame.width = width;
	frame.rect.setAttribute("x", x.toFixed(1));
	frame.rect.setAttribute("width", Math.max(width, 0).toFixed(1));
	frame.text.setAttribute("x", (x + gap).toFixed(2));
}
function show(frame, shown, parent) {
	frame.shown = shown;
	frame.group.classList.toggle("hide", !shown);
	frame.group.classList.toggle("parent", parent);
}
function zoom(target, keepState) {
	zoomed = target;
	var scale = pictureWidth / (target.end - target.start || 1);
	frames.forEach(function (frame) {
		var inside = frame.start >= target.start && frame.end <= target.end && frame.depth >= target.depth;
		var around = frame.depth < target.depth && frame.start <= target.start && frame.end >= target.end;
		if (around && frame !== target)
			place(frame, margin, pictureWidth);
		else if (inside)
			place(frame, margin + (frame.start - target.start) * scale, (frame.end - frame.start) * scale);
		show(frame, inside || around, around && target !== rootFrame);
	});
	unzoomButton.classList.toggle("hide", target === rootFrame);
	relabel();
	countMatches();
	describeZoomed();
	if (!keepState)
		saveState();
}

/* ---- search ---- */

var term = "", ignoreCase = false;
function pattern() {
	try {
		return new RegExp(term, ignoreCase ? "i" : "");
	} catch (e) {
		return null;
	}
}
function countMatches() {
	if (!term)
		return;
	var covered = -1, sum = 0;
	frames.forEach(function (frame) {
		if (!frame.match || !frame.shown || frame.depth < zoomed.depth || frame.start < covered)
			return;
		sum += frame.end - frame.start;
		covered = frame.end;
	});
	var share = 100 * sum / (zoomed.end - zoomed.start || 1);
	matched.textContent = "Matched: " + share.toFixed(1) + "%";
}
function search(text, keepState) {
	term = text || "";
	var regexp = term ? pattern() : null;
	frames.forEach(function (frame) {
		frame.match = regexp !== null && frame !== rootFrame && regexp.test(frame.name);
		var fill = frame.match ? searchColor : frame.fill;
		if (frame.rect.getAttribute("fill") !== fill)
			frame.rect.setAttribute("fill", fill);
	});
	searchButton.textContent = term ? "Reset Search" : "Search";
	searchButton.classList.toggle("show", !!term);
	matched.textContent = term && !regexp ? "Bad expression" : " ";
	if (regexp)
		countMatches();
	if (!keepState)
		saveState();
}
function toggleCase() {
	ignoreCase = !ignoreCase;
	caseButton.classList.toggle("on", ignoreCase);
	search(term);
}

/* ---- the search field: prompt() is forbidden in some frames ---- */

var field = null;
function closeField() {
	if (field)
		field.parentNode.removeChild(field);
	field = null;
}
function openField() {
	if (field)
		return closeField();
	field = document.createElementNS("http://www.w3.org/2000/svg", "foreignObject");
	field.setAttribute("x", root.viewBox.baseVal.width - 330);
	field.setAttribute("y", number(searchButton, "y") - 18);
	field.setAttribute("width", 210);
	field.setAttribute("height", 28);
	var input = document.createElementNS(xhtml, "input");
	input.setAttribute("id", "searchfield");
	input.setAttribute("type", "text");
	input.setAttribute("placeholder", "regular expression");
	input.setAttribute("aria-label", "Search frames by regular expression");
	input.setAttribute("style", "width: 200px; box-sizing: border-box; font: 12px sans-serif");
	input.value = term;
	input.addEventListener("keydown", function (event) {
		event.stopPropagation();
		if (event.key === "Enter")
			search(input.value);
		if (event.key === "Enter" || event.key === "Escape") {
			event.preventDefault();
			closeField();
			focused.group.focus();
		}
	});
	field.appendChild(input);
	root.appendChild(field);
	input.focus();
}

/* ---- the address: x and y of the zoomed frame, s the search ---- */

function saveState() {
	var parameters = new URLSearchParams(window.location.search);
	["x", "y", "s", "ic"].forEach(function (name) { parameters.delete(name); });
	if (zoomed !== rootFrame) {
		parameters.set("x", zoomed.x);
		parameters.set("y", zoomed.y);
	}
	if (term)
		parameters.set("s", term);
	if (term && ignoreCase)
		parameters.set("ic", "1");
	var query = parameters.toString();
	try {
		window.history.replaceState(null, "", window.location.pathname + (query ? "?" + query : "") + window.location.hash);
	} catch (e) { /* not allowed in this frame */ }
}
function restoreState() {
	var parameters = new URLSearchParams(window.location.search);
	if (parameters.get("ic") === "1") {
		ignoreCase = true;
		caseButton.classList.add("on");
	}
	var x = parseFloat(parameters.get("x")), y = parseFloat(parameters.get("y"));
	var target = frames.find(function (frame) { return parseFloat(frame.x) === x && parseFloat(frame.y) === y; });
	if (target)
		zoom(target, true);
	var wanted = parameters.get("s") || box.getAttribute("data-search");
	if (wanted)
		search(wanted, true);
}

/* ---- mouse and keyboard: one listener each for all frames ---- */

function frameOf(event) {
	for (var node = event.target; node && node !== box; node = node.parentNode)
		if (node.parentNode === box)
			return frames[indexes.get(node)];
	return null;
}
function focus(frame) {
	if (!frame)
		return;
	focused.group.setAttribute("tabindex", "-1");
	focused = frame;
	frame.group.setAttribute("tabindex", "0");
	frame.group.setAttribute("role", "button");
	frame.group.setAttribute("aria-label", frame.title);
	frame.group.focus();
}
function step(from, direction) {
	var i, next;
	if (direction === "out")
		return from.parent;
	if (direction === "in") {
		for (i = from.index + 1; i < frames.length && frames[i].depth > from.depth; i++) {
			next = frames[i];
			if (next.depth === from.depth + 1 && next.shown)
				return next;
		}
		return null;
	}
	for (i = from.index + direction; i >= 0 && i < frames.length; i += direction)
		if (frames[i].depth === from.depth && frames[i].shown)
			return frames[i];
	return null;
}

box.addEventListener("mouseover", function (event) { describe(frameOf(event)); });
box.addEventListener("mouseout", describeZoomed);
box.addEventListener("focusin", function (event) { describe(frameOf(event)); });
box.addEventListener("click", function (event) {
	var frame = frameOf(event);
	if (!frame)
		return;
	if (frame.group.localName === "a" && !event.ctrlKey)
		return;
	event.preventDefault();
	zoom(frame);
	focus(frame);
});
box.addEventListener("keydown", function (event) {
	var ways = {ArrowUp: inverted ? "out" : "in", ArrowDown: inverted ? "in" : "out", ArrowLeft: -1, ArrowRight: 1};
	var frame = frameOf(event);
	if (!frame || event.ctrlKey || event.metaKey || event.altKey)
		return;
	if (event.key in ways)
		focus(step(frame, ways[event.key]));
	else if (event.key === "Enter" || event.key === " ")
		zoom(frame);
	else if (event.key === "Home")
		focus(zoomed);
	else
		return;
	event.preventDefault();
});
window.addEventListener("keydown", function (event) {
	var control = event.ctrlKey || event.metaKey;
	if (event.key === "F3" || (control && event.key.toLowerCase() === "f")) {
		event.preventDefault();
		if (term)
			search("");
		else
			openField();
	} else if (control && event.key.toLowerCase() === "i") {
		event.preventDefault();
		toggleCase();
	} else if (event.key === "Escape") {
		if (field)
			closeField();
		else if (term)
			search("");
		else
			zoom(rootFrame);
	}
});
function button(element, action, name) {
	element.setAttribute("tabindex", "0");
	element.setAttribute("role", "button");
	if (name)
		element.setAttribute("aria-label", name);
	element.addEventListener("click", action);
	element.addEventListener("keydown", function (event) {
		if (event.key === "Enter" || event.key === " ") {
			event.preventDefault();
			action();
		}
	});
}
button(unzoomButton, function () { zoom(rootFrame); focus(rootFrame); });
button(searchButton, function () { if (term) search(""); else openField(); });
button(caseButton, toggleCase, "Ignore case");
rootFrame.group.setAttribute("tabindex", "0");
rootFrame.group.setAttribute("aria-label", rootFrame.title);

relabel();
restoreState();
})();
