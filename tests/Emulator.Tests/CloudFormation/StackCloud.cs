using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>What exists of the test's own resource types: outlives a restart of the emulator, as other rooms' data would.</summary>
internal sealed class World
{
    /// <summary>By physical id, with the token that made each.</summary>
    public ConcurrentDictionary<string, (string Token, string Properties)> Things { get; } = new();

    /// <summary>Every call, such as <c>Create A</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Templates by key, at <c>https://bucket.s3.amazonaws.com/KEY</c>.</summary>
    public Dictionary<string, string> Templates { get; } = [];

    /// <summary>What else lies in S3, by key, in any bucket.</summary>
    public Dictionary<string, byte[]> Objects { get; } = [];

    /// <summary>Things of type Test::Gate::Thing are created once this is set.</summary>
    public TaskCompletionSource Gate { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set once something waits at the gate.</summary>
    public TaskCompletionSource AtGate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Names whose deletion fails.</summary>
    public ConcurrentDictionary<string, string> Stuck { get; } = new();

    /// <summary>The names of the threads on which a type's properties were looked at.</summary>
    public ConcurrentDictionary<string, bool> Threads { get; } = new();

    private int next;

    public string NextId(string logicalId) => $"{logicalId}-{Interlocked.Increment(ref next)}";
}

/// <summary>A type with a Name that replaces, a Size that does not, a Link to others, and a Fail that says why it fails.</summary>
internal sealed class Thing(World world, string type) : IResource
{
    public string Type => type;

    public IReadOnlyDictionary<string, PropertyRule> Properties
    {
        get
        {
            world.Threads[Thread.CurrentThread.Name ?? ""] = true;
            return properties;
        }
    }

    private readonly Dictionary<string, PropertyRule> properties = new()
    {
        ["Name"] = new(UpdateType.Replacement),
        ["Size"] = default,
        ["Link"] = default,
        ["Fail"] = default,
        ["Tags"] = default,
        ["Needed"] = new(Required: type == "Test::Strict::Thing"),
    };

    public IReadOnlyCollection<string> Attributes => ["Arn", "Size"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        if (type == "Test::Gate::Thing")
        {
            world.AtGate.TrySetResult();
            await world.Gate.Task.WaitAsync(cancellation);
        }

        world.Calls.Enqueue($"Create {request.LogicalId}");
        Refuse(request);
        var id = world.Things.FirstOrDefault(t => t.Value.Token == request.Token).Key ?? world.NextId(request.LogicalId);
        world.Things[id] = (request.Token, request.Properties.GetRawText());
        return State(id, request);
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        world.Calls.Enqueue($"Update {request.LogicalId}");
        Refuse(request);
        Assert.NotEqual(JsonValueKind.Undefined, request.PreviousProperties.ValueKind);
        world.Things[request.PhysicalId!] = (world.Things[request.PhysicalId!].Token, request.Properties.GetRawText());
        return Task.FromResult(State(request.PhysicalId!, request));
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        world.Calls.Enqueue($"Delete {request.LogicalId}");
        if (world.Stuck.TryGetValue(request.LogicalId, out var why))
        {
            throw new AwsException("Stuck", why);
        }

        world.Things.TryRemove(request.PhysicalId!, out _);
        return Task.CompletedTask;
    }

    private static void Refuse(ResourceRequest request)
    {
        if (request.Properties.TryGetProperty("Fail", out var fail))
        {
            throw new AwsException("Failed", fail.GetString()!);
        }
    }

    private static ResourceState State(string id, ResourceRequest request) =>
        ResourceState.Of(
            id,
            ("Arn", $"arn:{id}"),
            ("Size", request.Properties.TryGetProperty("Size", out var size) ? size.ToString() : "0")
        );
}

/// <summary>A cloud with the test's own resource types, and short ways to its stacks through the wire.</summary>
internal sealed class StackCloud(TestCloud cloud, World world) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public World World => world;

    public TestCloud Cloud => cloud;

    public static async Task<StackCloud> Start(World? world = null, LocalCloudOptions? options = null)
    {
        world ??= new World();
        return new StackCloud(
            await TestCloud.Start(
                (options ?? new LocalCloudOptions()) with
                {
                    FurtherResources =
                    [
                        new Thing(world, "Test::Some::Thing"),
                        new Thing(world, "Test::Gate::Thing"),
                        new Thing(world, "Test::Strict::Thing"),
                    ],
                    ReadTemplate = (_, key, _, _, _) =>
                        world.Templates.TryGetValue(key, out var text) ? Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(text))
                        : world.Objects.TryGetValue(key, out var bytes) ? Task.FromResult<ReadOnlyMemory<byte>>(bytes)
                        : throw new AwsException("NoSuchKey", "The specified key does not exist.", 404),
                }
            ),
            world
        );
    }

    public async Task<XElement> Call(string action, params (string, string)[] parameters)
    {
        var root = XElement.Parse(await cloud.Query("cloudformation", action, parameters));
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return root;
    }

    public async Task<string> Refused(string action, params (string, string)[] parameters)
    {
        var refused = await Assert.ThrowsAsync<TestAwsException>(() => Call(action, parameters));
        var error = XElement.Parse(refused.Body);
        string Part(string name) => error.Descendants().First(e => e.Name.LocalName == name).Value;
        return $"{Part("Code")}: {Part("Message")}";
    }

    /// <summary>Asks, waits until nothing is in progress, and answers the stack's status.</summary>
    public async Task<string> Do(string action, string stack, string? template = null, params (string, string)[] parameters)
    {
        await Call(
            action,
            [("StackName", stack), .. template is null ? Array.Empty<(string, string)>() : [("TemplateBody", template)], .. parameters]
        );
        return await Status(stack);
    }

    public async Task<string> Status(string stack)
    {
        Assert.True(await cloud.Clock.Settle(Patience));
        var all = await Call("ListStacks");
        var found = all.Descendants("member").First(m => m.Element("StackName")?.Value == stack);
        return found.Element("StackStatus")!.Value;
    }

    public async Task<string> Output(string stack, string key)
    {
        var answer = await Call("DescribeStacks", ("StackName", stack));
        return answer.Descendants("member").First(m => m.Element("OutputKey")?.Value == key).Element("OutputValue")!.Value;
    }

    /// <summary>Oldest first: <c>LogicalId STATUS reason</c>, the stack itself as <c>*</c>.</summary>
    public async Task<string[]> Events(string stack, int skip = 0)
    {
        var answer = await Call("DescribeStackEvents", ("StackName", stack));
        return
        [
            .. answer
                .Descendants("member")
                .Select(m =>
                {
                    var name = m.Element("LogicalResourceId")!.Value;
                    var self = m.Element("StackId")!.Value == m.Element("PhysicalResourceId")?.Value;
                    return $"{(self ? "*" : name)} {m.Element("ResourceStatus")!.Value} {m.Element("ResourceStatusReason")?.Value}".TrimEnd();
                })
                .Reverse()
                .Skip(skip),
        ];
    }

    public string[] Things() => [.. world.Things.Keys.Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => cloud.DisposeAsync();
}
