"use strict";

/*
 * The pages that mailed links lead to. The link carries its token in the
 * fragment, so that no log and no referrer ever sees it; the page posts it,
 * with whatever its form asks for, to the form's data-post. It waits for a
 * click, so that no program that looks into mail spends the token.
 */
const form = document.querySelector("form");
const result = document.getElementById("result");

async function send() {
	const token = new URLSearchParams(location.hash.slice(1)).get("token");

	if (!token)
		return {message: "This link is incomplete. Please copy all of it."};
	const response = await fetch(form.dataset.post, {
		method: "POST",
		headers: {"Content-Type": "application/json"},
		body: JSON.stringify({token, ...Object.fromEntries(new FormData(form))}),
	});
	return response.json();
}

/* What is wrong with a field says more than that something is. */
function sentence(answer) {
	return Object.values(answer.fields ?? {})[0] ?? answer.message;
}

form.addEventListener("submit", async (event) => {
	const button = form.querySelector("button");

	event.preventDefault();
	button.disabled = true;
	const answer = await send().catch(() => (
		{message: "The server cannot be reached. Please try again later."}));
	result.textContent = sentence(answer);
	form.hidden = Boolean(answer.success);
	button.disabled = false;
});
