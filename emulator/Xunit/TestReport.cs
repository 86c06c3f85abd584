using System.Globalization;
using System.Text;

namespace Disa.Emulator.Xunit;

/// <summary>What a test's account has to tell when the test failed.</summary>
internal sealed class TestReport(AwsAccount account, EmulatorLog log)
{
    private const int MostLines = 200;
    private const int MostExecutions = 20;

    private readonly long before = log.Count;

    public AwsAccount Account => account;

    public async Task<string> Write()
    {
        var text = new StringBuilder();
        Part(text, $"The emulator's log (account {account.Id})", log.After(before));
        foreach (var machine in await account.StateMachines().ConfigureAwait(false))
        {
            var executions = await account.ExecutionsAsync(machine).ConfigureAwait(false);
            Part(text, $"Executions of {machine}", executions.TakeLast(MostExecutions).Select(Show));
        }

        foreach (var group in await account.LogGroups().ConfigureAwait(false))
        {
            var lines = await account.LogsAsync(group).ConfigureAwait(false);
            Part(text, $"Log group {group}", lines.Select(line => line.Message.TrimEnd()));
        }

        Part(text, "Mails", account.Mailbox.Select(mail => $"{mail.To}: {mail.Subject}"));
        return text.ToString().TrimEnd();
    }

    private static string Show(Execution execution) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{execution.Name} {execution.Status}{(execution.Error is { } error ? $" {error}: {execution.Cause}" : "")}"
        );

    private static void Part(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"--- {title}").AppendLine();
        if (all.Count > MostLines)
        {
            text.Append(CultureInfo.InvariantCulture, $"({all.Count - MostLines} earlier lines)").AppendLine();
        }

        foreach (var line in all.TakeLast(MostLines))
        {
            text.AppendLine(line);
        }
    }
}
