using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record PublishStateMachineVersionRequest
{
    public string? StateMachineArn { get; init; }

    public string? RevisionId { get; init; }

    public string? Description { get; init; }
}

internal sealed record PublishStateMachineVersionResponse(DateTimeOffset CreationDate, string StateMachineVersionArn);

/// <summary>Gives the revision that is a number; one that has a number keeps it.</summary>
internal sealed class PublishStateMachineVersion(Database database, StateMachines machines, StateMachineVersions versions, Clock clock)
{
    public const int DescriptionLimit = 256;

    /// <summary>Names the first revision, which has no id.</summary>
    private const string Initial = "INITIAL";

    public Task<PublishStateMachineVersionResponse> Run(
        PublishStateMachineVersionRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        machines.Find(request.StateMachineArn);
        CheckDescription(request.Description, "description");
        return database.Write(transaction =>
        {
            var version = Publish(transaction, request, machines.Find(transaction, request.StateMachineArn));
            return new PublishStateMachineVersionResponse(version.Created, version.Arn);
        });
    }

    /// <summary>A version for a stack: one that is published already belongs to somebody else, unless the same step published it.</summary>
    /// <remarks>CreateHandler.java of github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions.</remarks>
    public Task<VersionDocument> RunOnce(PublishStateMachineVersionRequest request, string token)
    {
        CheckDescription(request.Description, "description");
        return database.Write(transaction =>
        {
            var machine = machines.Find(transaction, request.StateMachineArn);
            return versions.Newest(transaction, machine) is not { } newest || newest.Revision != machine.Revision
                    ? Publish(transaction, request, machine, token)
                : newest.Token == token ? newest
                : throw new AwsException(
                    "AlreadyExists",
                    $"Resource of type 'AWS::StepFunctions::StateMachineVersion' with identifier '{newest.Arn}' already exists."
                );
        });
    }

    private VersionDocument Publish(
        Transaction transaction,
        PublishStateMachineVersionRequest request,
        StateMachineDocument machine,
        string? token = null
    )
    {
        var current = machine.RevisionId ?? Initial;
        return request.RevisionId is { } expected && expected != current
            ? throw StepFunctionsErrors.Conflict(
                $"Failed to publish the State Machine version for revision {expected}. The current State Machine revision is {current}."
            )
            : versions.Publish(transaction, machine, request.Description, clock.GetUtcNow(), token);
    }

    /// <param name="description">Of a version or an alias.</param>
    /// <param name="member">The parameter's name.</param>
    public static void CheckDescription(string? description, string member)
    {
        if (description?.Length > DescriptionLimit)
        {
            throw StepFunctionsErrors.TooLong(description, member, DescriptionLimit);
        }
    }

    /// <summary>Of CreateStateMachine and UpdateStateMachine, which publish on request.</summary>
    public static void CheckDescription(string? description, bool? publish)
    {
        CheckDescription(description, "versionDescription");
        if (description is not null && publish != true)
        {
            throw StepFunctionsErrors.Invalid("Version description can only be set when publish is true");
        }
    }
}
