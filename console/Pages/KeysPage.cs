namespace Disa.WebConsole.Pages;

/// <summary>The keys that lead about the console.</summary>
internal static class KeysPage
{
    public static Task<Page> Get(Visit visit) => Task.FromResult(new Page("Keyboard", "keys", Html.Of(
        $"""
        <h1>Keyboard</h1>
        <table>
        <caption class="hidden">Keys, and what they do</caption>
        <thead><tr><th scope="col">Keys</th><th scope="col">What they do</th></tr></thead>
        <tbody>
        {Page.Places.Where(place => visit.IsEmulator || !place.EmulatorOnly).Select(place => Html.Of(
            $"""<tr><th scope="row"><kbd>g</kbd> then <kbd>{Page.Key(place.Name)}</kbd></th><td><a href="{Links.To(place.Place)}">{place.Name}</a></td></tr>"""))}
        <tr><th scope="row"><kbd>/</kbd></th><td>find a message</td></tr>
        <tr><th scope="row"><kbd>?</kbd></th><td>this page</td></tr>
        </tbody>
        </table>
        <p class="hint">They do nothing while something is typed into a field, or while Ctrl, Alt or Meta is held. Everything is reached with Tab and Enter too.</p>
        <label class="inline scripted"><input type="checkbox" id="keys-on" checked> use these keys in this browser</label>
        <noscript><p class="hint">They need script, which is off in this browser.</p></noscript>
        """))
    { IsLive = false });
}
