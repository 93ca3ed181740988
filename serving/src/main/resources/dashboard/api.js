// HTTP requests. A failed request throws an Error with the detail of the server's problem. Without a login, the login
// page replaces this page.

async function requireOk(response) {
  if (response.ok) {
    return response;
  }
  if (response.status === 401) {
    location.assign("/login");
  }
  const type = response.headers.get("Content-Type") || "";
  const detail = type.includes("problem+json") ? (await response.json()).detail : response.statusText;
  throw new Error(detail);
}

export async function getJson(path) {
  return (await requireOk(await fetch(path))).json();
}

export async function send(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.body = body;
  }
  return (await requireOk(await fetch(path, options))).json();
}
