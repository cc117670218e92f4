// Passkeys as the server speaks of them: bytes are base64url text there, and
// buffers in the browser. Done by hand, since older phones lack the JSON forms.
const bytes = (s: string): ArrayBuffer => Uint8Array.from(atob(s.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)).buffer
const text = (b: ArrayBuffer | null): string | undefined =>
  b ? btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') : undefined

interface Descriptor { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] }
interface Making extends Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> { challenge: string; user: { id: string; name: string; displayName: string }; excludeCredentials?: Descriptor[] }
interface Showing extends Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> { challenge: string; allowCredentials?: Descriptor[] }
const known = (list?: Descriptor[]) => list?.map((d) => ({ ...d, id: bytes(d.id) }))

/** Whether this browser can use passkeys on this page: HTTPS and a host name. */
export const passkeysWork = (): boolean => 'PublicKeyCredential' in window && window.isSecureContext && !/^[\d.]+$|:/.test(location.hostname)

/** Makes a key on this device; null when the person thought better of it. */
export async function makeKey(options: unknown): Promise<object | null> {
  const o = options as Making
  const made = await navigator.credentials.create({ publicKey: { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: known(o.excludeCredentials) } }).catch(given)
  if (!(made instanceof PublicKeyCredential)) return null
  const r = made.response as AuthenticatorAttestationResponse
  return { ...base(made), response: { clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports?.() ?? [] } }
}

/** Shows a key of this device; null when the person thought better of it. */
export async function showKey(options: unknown): Promise<object | null> {
  const o = options as Showing
  const shown = await navigator.credentials.get({ publicKey: { ...o, challenge: bytes(o.challenge), allowCredentials: known(o.allowCredentials) } }).catch(given)
  if (!(shown instanceof PublicKeyCredential)) return null
  const r = shown.response as AuthenticatorAssertionResponse
  return { ...base(shown), response: { clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) } }
}

const base = (c: PublicKeyCredential) => ({ id: c.id, rawId: text(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment ?? undefined, clientExtensionResults: c.getClientExtensionResults() })

function given(e: unknown): null {
  if (e instanceof DOMException && (e.name === 'NotAllowedError' || e.name === 'AbortError')) return null
  throw e
}
