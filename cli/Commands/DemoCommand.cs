using System.CommandLine;
using Amazon.CloudWatch.Model;
using Disa.Cli.Deploy;
using Disa.Emulator;

namespace Disa.Cli.Commands;

/// <summary><c>disa demo</c>: one message's whole way, a failure, and the recovery; exit code 1 if anything did not happen.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Description = "Log every request and transition to standard error",
    };

    public static Command Create()
    {
        var command = new Command("demo", "Send a message, break sending, mend it, and see every message arrive exactly once") { Verbose };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var loggers = UpCommand.Loggers(parsed.GetValue(Verbose));
        await using var emulator = await RunningEmulator
            .Start(new LocalCloudOptions { Loggers = loggers }, "us-east-1", cancellation)
            .ConfigureAwait(false);
        var deployment = await Terminal
            .Progress(
                "Deploying",
                say => emulator.Deploy(Artefacts.Find(), parsed.GetValue(CommonOptions.Stack)!, "reader@example.com", say, cancellation)
            )
            .ConfigureAwait(false);
        var demo = new Demo(emulator.Session, deployment, cancellation);
        Terminal.Out.Line(
            $"[grey]The emulator answers at {emulator.Endpoint.GetLeftPart(UriPartial.Authority)}; the stack was deployed {emulator.SecondsToReady:0.0} s after the start.[/]"
        );
        await demo.Play().ConfigureAwait(false);
        return demo.Failures == 0 ? DisaCommand.Done : DisaCommand.DidNotHappen;
    }

    /// <summary>The three acts; each line is checked, not just shown.</summary>
    private sealed class Demo(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
        private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

        private readonly Outbox outbox = new(session, deployment);

        public int Failures { get; private set; }

        public async Task Play()
        {
            Title("1  One message, from PutItem to the e-mail");
            const string first = "Hello from Disa.";
            var firstId = await Put(first).ConfigureAwait(false);
            var sent = await Decided(firstId).ConfigureAwait(false);
            Check(sent?.Status == "Successful", $"the item is {sent?.Status ?? "not decided"}", sent);
            var mail = await MailWith(first).ConfigureAwait(false);
            Check(mail is not null, "the mail is in the mailbox", null);
            if (mail is not null)
            {
                InboxCommand.Show(mail);
            }

            if (sent is not null)
            {
                Terminal.Out.Write(JourneyTable.Of(await new Journey(session, deployment).Of(sent, cancellation).ConfigureAwait(false)));
            }

            Title("2  Break: the process function's SNS_TOPIC_ARN points at a topic that does not exist");
            await FailureSwitch.Set(session, deployment, FailureSwitch.Missing(deployment), cancellation).ConfigureAwait(false);
            const string second = "This one fails at first.";
            var secondId = await Put(second).ConfigureAwait(false);
            var failed = await Decided(secondId).ConfigureAwait(false);
            Check(
                failed is { Status: "Failure", ErrorCode: not null, NextAttempt: not null },
                $"the item is {failed?.Status ?? "not decided"}: {failed?.ErrorCode}",
                failed
            );
            Check(await AlarmBecomes("ALARM").ConfigureAwait(false), "the alarm is in ALARM", null);
            const string third = "This one is held.";
            var thirdId = await Put(third).ConfigureAwait(false);
            var held = await Decided(thirdId).ConfigureAwait(false);
            Check(held is { Status: "Failure", Reason: "Held", Attempts: 0 }, $"the next message is {held?.State}: nothing was sent", held);

            Title("3  Mend, and let time pass");
            await FailureSwitch.Set(session, deployment, deployment.TopicArn, cancellation).ConfigureAwait(false);
            Check(await AlarmBecomes("OK").ConfigureAwait(false), "the alarm is OK again", null);
            foreach (var (id, text) in ((string, string)[])[(secondId, second), (thirdId, third)])
            {
                var message = await DeliveredInTime(id).ConfigureAwait(false);
                Check(message?.Status == "Successful", $"\"{text}\" is {message?.Status ?? "not decided"}", message);
            }

            foreach (var text in (string[])[first, second, third])
            {
                var count = await MailsWith(text).ConfigureAwait(false);
                Check(count == 1, $"\"{text}\" came by mail exactly once ({count})", null);
            }

            Terminal.Out.Line();
            Terminal.Out.Line(Failures == 0 ? (Styled)$"[green]All checks passed.[/]" : (Styled)$"[red]{Failures} checks failed.[/]");
        }

        private static void Title(string text) => Terminal.Out.Rule($"[bold]{text}[/]");

        private void Check(bool happened, string what, Message? details)
        {
            Failures += happened ? 0 : 1;
            Terminal.Out.Line($"{(happened ? (Styled)$"[green]✓[/]" : (Styled)$"[red]✗[/]")} {what}");
            if (details is not null)
            {
                Terminal.Out.Write(ShowCommand.Details(details), indent: 4);
            }
        }

        private async Task<string> Put(string text)
        {
            var id = await outbox.Put(Outbox.ItemOf(text), cancellation).ConfigureAwait(false);
            Terminal.Out.Line($"  put item {id}: \"{text}\"");
            return id;
        }

        private Task<Message?> Decided(string id) => outbox.WaitFor(id, message => message.IsDecided, Patience, cancellation);

        /// <summary>Moves the clock a minute at a time until the message has gone out, for two hours at most.</summary>
        private async Task<Message?> DeliveredInTime(string id)
        {
            for (var minutes = 0; ; minutes++)
            {
                var message = await outbox
                    .WaitFor(
                        id,
                        message => message.Status == "Successful",
                        minutes == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(300),
                        cancellation
                    )
                    .ConfigureAwait(false);
                if (message?.Status == "Successful" || minutes == 120)
                {
                    return message;
                }

                await session.Emulator.Advance(Minute, cancellation).ConfigureAwait(false);
            }
        }

        private async Task<bool> AlarmBecomes(string state)
        {
            for (var minutes = 0; minutes <= 30; minutes++)
            {
                var alarm = (
                    await session
                        .CloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [deployment.AlarmName] }, cancellation)
                        .ConfigureAwait(false)
                ).MetricAlarms.Single();
                if (alarm.StateValue == state)
                {
                    Terminal.Out.Line($"  [grey]after {minutes} min on the emulator's clock: {alarm.StateReason}[/]");
                    return true;
                }

                await session.Emulator.Advance(Minute, cancellation).ConfigureAwait(false);
            }

            return false;
        }

        private async Task<Mail?> MailWith(string text)
        {
            string? after = null;
            for (var tries = 0; tries < 3; tries++)
            {
                var mails = await session.Emulator.Inbox(after, 5, cancellation).ConfigureAwait(false);
                if (mails.FirstOrDefault(mail => mail.Body.StartsWith(text, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                after = mails.Count > 0 ? mails[^1].Id : after;
            }

            return null;
        }

        private async Task<int> MailsWith(string text) =>
            (await session.Emulator.Inbox(null, 0, cancellation).ConfigureAwait(false)).Count(mail =>
                mail.Body.StartsWith(text, StringComparison.Ordinal)
            );
    }
}
