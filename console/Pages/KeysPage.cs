namespace Disa.WebConsole.Pages;

/// <summary>The keys that lead about the console.</summary>
internal static class KeysPage
{
    public static Task<Page> Get(Visit visit) => Task.FromResult(new Page("Keyboard", "keys", Html.Of(
        $"""
        <h1>Keyboard</h1>
        <table>
        <caption class="hidden">Keyboard shortcuts</caption>
        <thead><tr><th scope="col">Keys</th><th scope="col">What they do</th></tr></thead>
        <tbody>
        {Page.Places.Where(place => visit.IsEmulator || !place.EmulatorOnly).Select(place => Html.Of(
            $"""<tr><th scope="row"><kbd>g</kbd> then <kbd>{Page.Key(place.Name)}</kbd></th><td><a href="{Links.To(place.Place)}">{place.Name}</a></td></tr>"""))}
        <tr><th scope="row"><kbd>/</kbd></th><td>find a message</td></tr>
        <tr><th scope="row"><kbd>?</kbd></th><td>this page</td></tr>
        </tbody>
        </table>
        <p class="hint">The shortcuts are ignored while you type in a field, or hold Ctrl, Alt or Meta. Tab and Enter reach everything too.</p>
        <label class="inline scripted"><input type="checkbox" id="keys-on" checked> use these shortcuts in this browser</label>
        <noscript><p class="hint">They need JavaScript, which is off in this browser.</p></noscript>
        """))
    { IsLive = false });
}
