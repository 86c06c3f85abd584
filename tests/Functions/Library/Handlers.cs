using System.Text.Json;
using Amazon.Lambda.Core;

[assembly: LambdaSerializer(typeof(Library.JsonFormat))]

namespace Library;

public sealed class JsonFormat : ILambdaSerializer
{
    public T Deserialize<T>(Stream requestStream) => JsonSerializer.Deserialize<T>(requestStream)!;

    public void Serialize<T>(T response, Stream responseStream) => JsonSerializer.Serialize(responseStream, response);
}

/// <summary>Says that it was the one.</summary>
public sealed class ShoutFormat : ILambdaSerializer
{
    public T Deserialize<T>(Stream requestStream) => JsonSerializer.Deserialize<T>(requestStream)!;

    public void Serialize<T>(T response, Stream responseStream)
    {
        using var writer = new StreamWriter(responseStream, leaveOpen: true);
        writer.Write("\"" + response + "!\"");
    }
}

public sealed record Order(int Amount);

public sealed record Receipt(int Total, int Calls);

public class Inherited
{
    public int Twice(int number) => 2 * number;
}

public class Handlers : Inherited
{
    private static int made;
    private int calls;

    public Handlers() => made++;

    public Receipt Sum(Order order) => new(order.Amount, ++calls);

    public async Task<Receipt> SumLater(Order order)
    {
        await Task.Yield();
        return new(order.Amount, made);
    }

    public static string Static(string text) => text + text;

    [LambdaSerializer(typeof(ShoutFormat))]
    public string Shout(string text) => text;

    public Stream Copy(Stream input) => input;

    public string Nothing() => "nothing";

    public void Void(int number) { }

    public async Task Wait(int number) => await Task.Yield();

    public ValueTask<int> Unawaited(int number) => ValueTask.FromResult(number);

    public string Overloaded(int number) => "number " + number;

    public string Overloaded(string text) => "text " + text;

    public string Three(int one, int two, int three) => "three";

    public string NoContext(int one, int two) => "two";

    public async void AsyncVoid(int number) => await Task.Yield();

    public T Generic<T>(T value) => value;

    public int Fail(string text) => throw new InvalidOperationException(text, new ArgumentException("the cause"));

    public async Task<int> FailLater(string text)
    {
        await Task.Yield();
        throw new KeyNotFoundException(text);
    }

    public int Speak(string text, ILambdaContext context)
    {
        Console.WriteLine("console " + text);
        Console.Error.WriteLine("error " + text);
        context.Logger.LogLine("line " + text);
        context.Logger.LogInformation("info " + text);
        context.Logger.LogDebug("debug " + text);
        context.Logger.LogError(new ArgumentException("why"), "order {id} failed", 7);
        LambdaLogger.Log("static " + text + "\n");
        return 0;
    }

    public Dictionary<string, string?> Describe(ILambdaContext context) =>
        new()
        {
            ["AwsRequestId"] = context.AwsRequestId,
            ["FunctionName"] = context.FunctionName,
            ["FunctionVersion"] = context.FunctionVersion,
            ["InvokedFunctionArn"] = context.InvokedFunctionArn,
            ["MemoryLimitInMB"] = context.MemoryLimitInMB.ToString(),
            ["RemainingSeconds"] = Math.Ceiling(context.RemainingTime.TotalSeconds).ToString(),
            ["LogGroupName"] = context.LogGroupName,
            ["LogStreamName"] = context.LogStreamName,
            ["AppTitle"] = context.ClientContext.Client?.AppTitle,
            ["Custom"] = context.ClientContext.Custom?["k"],
            ["IdentityId"] = context.Identity.IdentityId,
            ["Runtime"] = Environment.Version.Major.ToString(),
        };
}

public sealed class Broken
{
    public Broken() => throw new InvalidOperationException("no database");

    public int Run(int number) => number;
}

public abstract class Abstract
{
    public int Run(int number) => number;
}

public sealed class Open<T>
{
    public T Run(T value) => value;
}
