namespace Disa.WebConsole.Pages;

/// <summary>What a page says while there is no message: how to make one.</summary>
internal static class FirstStep
{
    /// <param name="visit">The request.</param>
    /// <param name="here">Whether the form that sends one is on the same page.</param>
    public static Html Ask(Visit visit, bool here)
    {
        var command = visit.Command("send", "Hello", "--wait");
        return Html.Of(
            $"""
            <section class="first" id="first" aria-labelledby="firststep">
            <h2 id="firststep">There is no message yet</h2>
            <p>Put one into the table <code>{visit.Deployment.TableName}</code>, and follow it from there to the mail:</p>
            <ul>
            <li><a href="{(here ? "" : Links.To(""))}#send">Send a message</a> {(here ? "with the form below" : "on the page Flow")}</li>
            {Html.When(!command.IsEmpty, $"<li>or in a terminal: {command}</li>")}
            <li>or from your own program: any new item with an attribute <code>message</code> is sent</li>
            </ul>
            </section>
            """);
    }
}
