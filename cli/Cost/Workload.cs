using Disa.Cli.Deploy;
using Disa.Emulator;
using Disa.Operations.Cost;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Cli.Cost;

/// <summary>A measurement: so many messages through an emulator of its own, one by one or all at once, to a topic without an e-mail address.</summary>
/// <param name="size">Bytes of a message's text; null for about a hundred.</param>
internal sealed class Workload(bool isBurst, int messages, string stateMachineType, int? size, CancellationToken cancellation)
{
    private const int Warming = 3;
    private const int AtOnce = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>What the messages used; deploying and the first messages are not in it.</summary>
    public async Task<Usage> Measure(Action<string> say)
    {
        await using var emulator = await RunningEmulator
            .Start(new LocalCloudOptions { Loggers = NullLoggerFactory.Instance }, "us-east-1", cancellation)
            .ConfigureAwait(false);
        var deployment = await emulator
            .Deploy(
                Artefacts.Find(),
                "disa",
                "",
                say,
                cancellation,
                new Dictionary<string, string> { ["StateMachineType"] = stateMachineType }
            )
            .ConfigureAwait(false);
        var outbox = new Outbox(emulator.Session, deployment);
        say("Warming up");
        for (var i = 0; i < Warming; i++)
        {
            await Put(outbox, -i).ConfigureAwait(false);
            await emulator.Settle(Patience).ConfigureAwait(false);
        }

        await emulator.Session.Emulator.ResetUsage(cancellation).ConfigureAwait(false);
        say("Measuring");
        var usage = await (isBurst ? Burst(emulator, outbox, say) : OneByOne(emulator, outbox, say)).ConfigureAwait(false);
        var undecided = 0;
        await foreach (var message in outbox.All(cancellation).ConfigureAwait(false))
        {
            undecided += message.Status == "Successful" ? 0 : 1;
        }

        return undecided == 0
            ? usage
            : throw new FailureException($"{undecided} of {messages + Warming} messages were not sent: the measurement is none.");
    }

    private async Task<Usage> OneByOne(RunningEmulator emulator, Outbox outbox, Action<string> say)
    {
        for (var i = 0; i < messages; i++)
        {
            await Put(outbox, i).ConfigureAwait(false);
            await Published(emulator, i + 1).ConfigureAwait(false);
            say($"{i + 1} of {messages}");
        }

        return await Published(emulator, messages).ConfigureAwait(false);
    }

    private async Task<Usage> Burst(RunningEmulator emulator, Outbox outbox, Action<string> say)
    {
        say($"Putting {messages}");
        await Parallel
            .ForAsync(
                0,
                messages,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (i, _) => await Put(outbox, i).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return await Published(emulator, messages).ConfigureAwait(false);
    }

    /// <summary>Completes when so many are published and nothing is in progress any more. Asks the emulator's own paths, which cost nothing.</summary>
    private async Task<Usage> Published(RunningEmulator emulator, int wanted)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            await emulator.Settle(Patience).ConfigureAwait(false);
            var usage = await emulator.Session.Emulator.Usage(cancellation).ConfigureAwait(false);
            var sent = usage.Lines.Where(line => line is { Service: "sns", Unit: "Messages" }).Sum(line => line.Amount);
            if (sent >= wanted)
            {
                return usage;
            }

            if (TimeProvider.System.GetUtcNow() > deadline)
            {
                throw new FailureException($"only {sent} of {wanted} messages were published within {Patience.TotalMinutes} minutes.");
            }

            await Task.Delay(Look, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    private Task<string> Put(Outbox outbox, int number)
    {
        var text = $"Message {number} of a measurement: a text of about a hundred characters, as a notification has it in mean.";
        return outbox.Put(Outbox.ItemOf(size is { } bytes ? text.PadRight(bytes, '.')[..bytes] : text), cancellation);
    }
}
