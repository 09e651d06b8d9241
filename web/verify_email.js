"use strict";

/*
 * Posts the token that the mailed link carries in its fragment. It stands
 * there and not in the path so that no log and no referrer ever sees it; and
 * it waits for a click, so that no program that looks into mail spends it.
 */
async function confirmAddress() {
	const token = new URLSearchParams(location.hash.slice(1)).get("token");
	const csrf = document.cookie.match(/(?:^|; )X-CSRFToken=([^;]*)/);
	const headers = {"Content-Type": "application/json"};

	if (!token)
		return "This link is incomplete. Please copy all of it.";
	if (csrf)
		headers["X-CSRFToken"] = csrf[1];
	const response = await fetch("/verify_email", {
		method: "POST",
		headers,
		body: JSON.stringify({token}),
	});
	return (await response.json()).message;
}

const button = document.getElementById("confirm");

button.addEventListener("click", async () => {
	button.disabled = true;
	document.getElementById("result").textContent =
		await confirmAddress().catch(() =>
			"The server cannot be reached. Please try again later.");
	button.hidden = true;
});
