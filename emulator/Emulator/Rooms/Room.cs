using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.Rooms;

/// <summary>One AWS service's room: what it brings to the emulator.</summary>
public abstract class Room : IAsyncDisposable
{
    /// <summary>The services on the wire; mostly one (DynamoDB brings its streams as a second).</summary>
    public abstract IEnumerable<AwsService> Services { get; }

    /// <summary>The CloudFormation types of its resources.</summary>
    public virtual IEnumerable<IResource> Resources => [];

    /// <summary>What it offers under <c>/_disa/</c>, beyond AWS.</summary>
    public virtual IEnumerable<AdminEndpoint> AdminEndpoints => [];

    /// <summary>What it answers under host names of its own.</summary>
    internal virtual IEnumerable<HostedSite> Sites => [];

    /// <summary>
    /// What speaks about the use of a resource of this room, besides the caller's own policies: its policy, its owner. Null where the ARN is
    /// none of its, and where there is nothing to say.
    /// </summary>
    internal virtual Access? Existing(string arn, Caller caller) => null;

    /// <summary>What does not work as it should, a sentence each: for <c>/_disa/health</c>.</summary>
    public virtual IEnumerable<string> Problems => [];

    /// <summary>What an account's resources do next by themselves, the earliest first: for <c>/_disa/time/due</c>.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="limit">How many at most.</param>
    public virtual IEnumerable<Upcoming> Upcoming(string account, int limit) => [];

    /// <summary>Starts its workers, once everything is built and the endpoint is known. What was running before a stop goes on here.</summary>
    public virtual void Start() { }

    /// <summary>Removes an account's rows from the room's own tables (its shelves are emptied already).</summary>
    public virtual void Reset(Transaction transaction, string account) { }

    /// <summary>Stops its workers and processes.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
