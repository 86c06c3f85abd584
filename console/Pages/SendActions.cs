using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;

namespace Disa.WebConsole.Pages;

/// <summary>What can be done to a message, or to all that are due: each as the command of that name does it.</summary>
internal static class SendActions
{
    public static Html Form(Visit visit) => visit.Act("send", Html.Of(
        $"""
        <label>Message <textarea name="message" rows="3" required></textarea></label>
        <details><summary>Subject, time, item</summary>
        <label>Subject <input name="subject" maxlength="99"></label>
        <label>Not before (UTC) <input name="sendAt" type="datetime-local" step="1"></label>
        <label>Not after (UTC) <input name="expiresAt" type="datetime-local" step="1"></label>
        <label>Further attributes of the item, as JSON <textarea name="item" rows="2" spellcheck="false" placeholder="a JSON object"></textarea></label>
        </details>
        <button>Send</button>
        """));

    public static async Task<string> Send(Visit visit)
    {
        var item = Outbox.ItemOf(visit.RequiredFormValue("message"));
        if (visit.FormValue("item") is { } json)
        {
            foreach (var (name, value) in Attributes(json))
            {
                item[name] = value;
            }
        }

        foreach (var (field, isTime) in ((string, bool)[])[(SendAttributes.Subject, false), (SendAttributes.SendAt, true), (SendAttributes.ExpiresAt, true)])
        {
            if (visit.FormValue(field) is { } text)
            {
                item[field] = new AttributeValue { S = !isTime ? text : Instant.TryParse(text, out var time) ? Instant.Text(time) : throw new UsageException($"'{text}' is not a valid time.") };
            }
        }

        var id = await new Outbox(visit.Session, visit.Deployment).Put(item, visit.Cancellation).ConfigureAwait(false);
        return visit.Back("Item added to the table.", "message", ("id", id));
    }

    public static async Task<string> Retry(Visit visit)
    {
        var id = visit.RequiredFormValue("id");
        var made = await new Redrive(visit.Session, visit.Deployment).One(id, visit.Cancellation).ConfigureAwait(false);
        return visit.Back(made ? "The message is due now, and the retry function was invoked." : "The message was not made due: it was sent, is being sent, or has changed in the meantime.", "message", ("id", id));
    }

    public static async Task<string> RetryDue(Visit visit)
    {
        var answer = await RetryFunction.Invoke(visit.Session, visit.Deployment, visit.FormValue("force") is not null, visit.Cancellation).ConfigureAwait(false);
        return visit.Back($"The retry function ran: {string.Join(", ", answer.EnumerateObject().Select(member => $"{member.Name} {member.Value}"))}.", "");
    }

    public static async Task<string> Cancel(Visit visit)
    {
        var id = visit.RequiredFormValue("id");
        await Cancellation.Cancel(visit.Session, visit.Deployment, id, visit.Cancellation).ConfigureAwait(false);
        return visit.Back("The message is cancelled. It will not be sent unless it is redriven.", "message", ("id", id));
    }

    /// <summary>Changes a parked message as <c>disa edit</c> does, and sends it again; what was left as it is stays.</summary>
    public static async Task<string> Edit(Visit visit)
    {
        var id = visit.RequiredFormValue("id");
        var item = await new Outbox(visit.Session, visit.Deployment).Get(id, visit.Cancellation).ConfigureAwait(false)
            ?? throw new FailureException($"there is no message {id}.");
        var before = Message.From(item, visit.Deployment.Shape);
        var (text, subject) = (visit.RequiredFormValue("message").ReplaceLineEndings("\n"), visit.FormValue("subject") ?? "");
        var edited = await Correction.Edit(
            visit.Session,
            visit.Deployment,
            id,
            text == before.Text?.ReplaceLineEndings("\n") ? null : text,
            subject == (before.Subject ?? "") ? null : subject,
            Pairs(visit.FormValue("attributes") ?? ""),
            visit.Cancellation).ConfigureAwait(false);
        return visit.Back(edited.Redriven ? "The message was changed, and is being sent." : "The message was changed; another sender is sending it.", "message", ("id", id));
    }

    private static Dictionary<string, string> Pairs(string lines)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                throw new UsageException($"'{line}' is not NAME=VALUE.");
            }

            pairs[name] = value;
        }

        return pairs;
    }

    private static Dictionary<string, AttributeValue> Attributes(string json)
    {
        try
        {
            return Document.FromJson(json).ToAttributeMap();
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or InvalidCastException or ArgumentException)
        {
            var place = wrong is JsonException { LineNumber: { } line, BytePositionInLine: { } column }
                ? string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, column {column + 1})")
                : "";
            throw new UsageException($"the further attributes are not a JSON object{place}.");
        }
    }
}
