using System.Text.Json;

namespace Disa.Emulator.CloudFormation;

/// <summary>A stack as it is kept.</summary>
internal sealed record StackDocument
{
    /// <summary>The ARN.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>One of AWS's stack statuses.</summary>
    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public required DateTimeOffset CreationTime { get; init; }

    public DateTimeOffset? LastUpdatedTime { get; init; }

    public DateTimeOffset? DeletionTime { get; init; }

    /// <summary>What the stack is to be.</summary>
    public required StackInput Input { get; init; }

    /// <summary>During an update: what the stack was, and is again if the update fails.</summary>
    public StackInput? Previous { get; init; }

    public List<StackOutput>? PreviousOutputs { get; init; }

    public bool DisableRollback { get; init; }

    /// <summary>ROLLBACK, DO_NOTHING or DELETE.</summary>
    public string OnFailure { get; init; } = "ROLLBACK";

    public int? TimeoutInMinutes { get; init; }

    public bool TerminationProtection { get; init; }

    public string? ParentId { get; init; }

    public string? RootId { get; init; }

    /// <summary>Nested stacks: the parent's step that created it, so that a repeated step finds it.</summary>
    public string? ParentToken { get; init; }

    /// <summary>Nested stacks: what the stack was before the parent's update <see cref="BaselineToken"/>, for the parent's rollback.</summary>
    public StackInput? Baseline { get; init; }

    public string? BaselineToken { get; init; }

    /// <summary>The token of the last update: a rollback that is continued belongs to it.</summary>
    public string? UpdateToken { get; init; }

    public List<StackOutput> Outputs { get; init; } = [];

    /// <summary>The exports that it imports.</summary>
    public List<string> Imports { get; init; } = [];

    public string? ChangeSetId { get; init; }

    public string? ClientRequestToken { get; init; }

    /// <summary>What is in progress; null while nothing is.</summary>
    public StackOperation? Operation { get; init; }

    /// <summary>The last part of the ARN: the key under which everything of this stack is kept.</summary>
    public string Uuid => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>What updates may do with which resources; null where they may do everything.</summary>
    public string? Policy { get; init; }

    /// <summary>Nothing is in progress, or nothing that goes on by itself.</summary>
    public bool IsSettled => Operation is null or { Held: true };

    public bool IsDeleted => Status == "DELETE_COMPLETE";
}

/// <summary>What a caller gives a stack.</summary>
internal sealed record StackInput
{
    /// <summary>Null while a change set only reviews a stack that does not exist yet.</summary>
    public string? TemplateId { get; init; }

    /// <summary>The template as it was given, where what it asks for was written out.</summary>
    public string? OriginalId { get; init; }

    public Dictionary<string, string> Parameters { get; init; } = [];

    /// <summary>What Parameter Store has for parameters that name something there; what the others name in a dynamic reference.</summary>
    public Dictionary<string, string> Resolved { get; init; } = [];

    /// <summary>What Parameter Store has for <c>{{resolve:ssm:…}}</c>, by the whole of it.</summary>
    public Dictionary<string, string> References { get; init; } = [];

    /// <summary>Why the operation is to fail before it does anything; null where it is not.</summary>
    public string? Fault { get; init; }

    /// <summary>The parameters as functions see them.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyDictionary<string, string> Values =>
        Resolved.Count == 0
            ? Parameters
            : Parameters.ToDictionary(parameter => parameter.Key, parameter => Resolved.GetValueOrDefault(parameter.Key, parameter.Value));

    public List<StackTag> Tags { get; init; } = [];

    public List<string> Capabilities { get; init; } = [];

    public string? RoleArn { get; init; }

    /// <summary>What watches its operations; null where nothing does.</summary>
    public RollbackConfiguration? Rollback { get; init; }
}

/// <summary>A tag of a stack.</summary>
internal sealed record StackTag(string Key, string Value);

/// <summary>A settled output.</summary>
internal sealed record StackOutput(string OutputKey, string OutputValue, string? Description, string? ExportName);

/// <summary>A create, update or delete that is in progress.</summary>
internal sealed record StackOperation
{
    /// <summary>The same throughout the operation.</summary>
    public required string Token { get; init; }

    /// <summary>Another with each status of the stack: tells which resources this status is done with.</summary>
    public required string Phase { get; init; }

    public required string CallerArn { get; init; }

    public required string CallerUserId { get; init; }

    /// <summary>The policy that limits the caller's session; null where there is none.</summary>
    public string? CallerSessionPolicy { get; init; }

    public string? ClientRequestToken { get; init; }

    /// <summary>The stack policy for this operation alone, where it has one.</summary>
    public string? Policy { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Until when alarms watch what is deployed; null until it is.</summary>
    public DateTimeOffset? MonitoredUntil { get; init; }

    /// <summary>When a create gives up.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Why the status is to end in failure, once nothing is running any more.</summary>
    public string? Failure { get; init; }

    public List<string> FailedToCreate { get; init; } = [];

    public List<string> FailedToUpdate { get; init; } = [];

    public List<string> FailedToDelete { get; init; } = [];

    /// <summary>A nested stack whose update is done waits with its clean-up until its parent's is: until then it can go back.</summary>
    public bool Held { get; init; }

    /// <summary>Resources that a delete leaves alone.</summary>
    public List<string> Retain { get; init; } = [];

    /// <summary>Resources that a continued rollback skips.</summary>
    public List<string> Skip { get; init; } = [];

    public bool Failing => Failure is not null || FailedToCreate.Count > 0 || FailedToUpdate.Count > 0;
}

/// <summary>A resource of a stack as it is kept.</summary>
internal sealed record ResourceDocument
{
    public required string LogicalId { get; init; }

    public required string Type { get; init; }

    /// <summary>As shown: stays after the resource is gone.</summary>
    public string? PhysicalId { get; init; }

    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What exists.</summary>
    public ResourceVersion? Current { get; init; }

    /// <summary>During an update: what existed before it.</summary>
    public ResourceVersion? Before { get; init; }

    /// <summary>Created by the update in progress.</summary>
    public bool New { get; init; }

    /// <summary>Changed in place by the update in progress, or tried.</summary>
    public bool Touched { get; init; }

    /// <summary>Replaced, and to be removed at the end.</summary>
    public List<ResourceVersion> Obsolete { get; init; } = [];

    /// <summary>The step in progress.</summary>
    public PendingStep? Pending { get; init; }

    /// <summary>The phase that is done with it.</summary>
    public string? Done { get; init; }
}

/// <summary>One physical resource, with everything that a rollback needs.</summary>
internal sealed record ResourceVersion
{
    public string PhysicalId { get; init; } = "";

    public JsonElement Properties { get; init; }

    /// <summary>The properties with secrets masked, in the same form; null where there are none.</summary>
    public JsonElement? Masked { get; init; }

    /// <summary>The properties as those may see them who describe the stack.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public JsonElement Shown => Masked ?? Properties;

    public Dictionary<string, JsonElement> Attributes { get; init; } = [];

    /// <summary>A custom resource's answer asked to mask its attributes.</summary>
    public bool NoEcho { get; init; }

    /// <summary>What functions see of it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Rooms.ResourceState State => new(PhysicalId, Attributes) { NoEcho = NoEcho };

    public string? Metadata { get; init; }

    public List<string> DependsOn { get; init; } = [];

    public Templates.RetentionPolicy DeletionPolicy { get; init; }

    public Templates.RetentionPolicy UpdateReplacePolicy { get; init; }

    /// <summary>The signals that its creation waits for; null where the template has no CreationPolicy.</summary>
    public Deployment.SignalPolicy? Signals { get; init; }

    /// <summary>The stack's tags when it was last written.</summary>
    public List<StackTag> StackTags { get; init; } = [];
}

/// <summary>What is asked of a resource.</summary>
internal enum StepAction
{
    Create,
    Update,
    Replace,
    Delete,
    DeleteObsolete,

    /// <summary>Nested stacks: the parent's update has succeeded, so what the nested one replaced may go.</summary>
    CleanUp,
}

/// <summary>A step that was decided and recorded, and is to be done (again, after a crash).</summary>
/// <param name="Token">The same however often the step is repeated.</param>
/// <param name="Target">What is to exist; for a delete, what is to go.</param>
internal sealed record PendingStep(StepAction Action, string Token, ResourceVersion Target)
{
    /// <summary>Another resource failed meanwhile.</summary>
    public bool Cancelled { get; init; }

    /// <summary>Its creation has been announced.</summary>
    public bool Initiated { get; init; }
}

/// <summary>A template's text, kept under its hash.</summary>
internal sealed record TemplateDocument(string Body);

/// <summary>A change set as it is kept.</summary>
internal sealed record ChangeSetDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string StackId { get; init; }

    public required string StackName { get; init; }

    public string? Description { get; init; }

    public required string Type { get; init; }

    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public required string ExecutionStatus { get; init; }

    public required DateTimeOffset CreationTime { get; init; }

    public required StackInput Input { get; init; }

    public required List<Templates.ResourceChange> Changes { get; init; }

    /// <summary>The changes with the values of properties, which are more exact: not every change that is possible is one there.</summary>
    public List<Templates.ResourceChange> Valued { get; init; } = [];

    public bool IncludeNestedStacks { get; init; }

    /// <summary>Of a nested stack's: the change set that it is part of, directly.</summary>
    public string? ParentId { get; init; }

    /// <summary>Of a nested stack's: the one that is executed or deleted for all.</summary>
    public string? RootId { get; init; }

    public string Uuid => Id[(Id.LastIndexOf('/') + 1)..];
}
