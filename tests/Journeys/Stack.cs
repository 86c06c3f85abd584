namespace Disa.Journeys;

/// <summary>Disa's stack as <c>disa up</c> deployed it, switched off: two data directories to copy, one with the failure switch set.</summary>
public sealed class Stack : IAsyncLifetime
{
    private const string Copies = "copies";

    private readonly string directory = Directory.CreateTempSubdirectory("disa-power-").FullName;
    private int directories;

    public string Working => Path.Combine(directory, "working");

    public string Broken => Path.Combine(directory, "broken");

    public string Table { get; private set; } = "";

    public string TopicArn { get; private set; } = "";

    public string StateMachineArn { get; private set; } = "";

    public string ProcessFunction { get; private set; } = "";

    public string AlarmName { get; private set; } = "";

    public string DeadLetterUrl { get; private set; } = "";

    public string CopiesUrl { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await using (var disa = await RunningDisa.Up(Working))
        {
            Table = disa.Table;
            TopicArn = disa.Outputs["TopicArn"];
            StateMachineArn = disa.Outputs["StateMachineArn"];
            ProcessFunction = disa.Outputs["ProcessFunctionName"];
            AlarmName = disa.Outputs["AlarmName"];
            DeadLetterUrl = disa.Outputs["DeadLetterQueueUrl"];
            CopiesUrl = new Uri(new Uri(DeadLetterUrl), Copies).ToString();
        }

        await using (var machine = await Machine.Start(Working, this))
        {
            await machine.SubscribeCopies(Copies);
            await machine.Settle();
        }

        Disk.Copy(Working, Broken);
        await using (var machine = await Machine.Start(Broken, this))
        {
            await machine.PointAt(TopicArn + "-gone");
        }
    }

    /// <summary>A directory that does not exist yet.</summary>
    public string NewDirectory() => Path.Combine(directory, $"{Interlocked.Increment(ref directories)}");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
