using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator;

/// <summary>
/// How one room calls another without knowing it: a method for each arrow, named by where it comes from and where it leads. Each holds the
/// room that it leads to and nothing else, so that a test can see which rooms a room was given.
/// </summary>
internal static class Arrows
{
    /// <summary>A function's package.</summary>
    public static Func<Caller, string, string, string?, Task<ReadOnlyMemory<byte>?>> LambdaToS3(ReadObject read) =>
        async (caller, bucket, key, version) => await read(bucket, key, version, caller, CancellationToken.None).ConfigureAwait(false);

    /// <summary>Who is told of what happens in buckets.</summary>
    public static S3.NotificationTargets S3ToTargets(
        Sqs.QueueSender queues,
        Sns.Publisher topics,
        Lambda.Invoker functions,
        Events.EventBus bus
    ) =>
        new(
            queues.Exists,
            (queue, body, caller) => queues.Send(queue, body, null, caller),
            topics.Publish,
            (function, caller) => functions.InvokeAs(function, null, default, Lambda.InvocationType.DryRun, caller, CancellationToken.None),
            (function, payload, caller, cancellation) =>
                functions.InvokeAs(function, null, payload, Lambda.InvocationType.Event, caller, cancellation),
            bus.Put
        );

    /// <summary>The keys that a function's process gets for its role.</summary>
    public static Func<string, string, Scope, Task<Lambda.FunctionCredentials>> LambdaToIam(Iam.RoleCredentials roles) =>
        async (role, session, scope) =>
        {
            var issued = await roles.Issue(role, session, scope).ConfigureAwait(false);
            return new Lambda.FunctionCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken, issued.Expiration);
        };

    /// <summary>Whether a function may have a role.</summary>
    public static Func<string, Scope, bool> LambdaToTrust(Iam.RoleCredentials roles) =>
        (role, _) => roles.Trusts(role, "lambda.amazonaws.com");

    /// <summary>A task that is a function: it fails as the operation would.</summary>
    public static StepFunctions.InvokeFunction StepFunctionsToLambda(Lambda.Invoker functions, CallPipeline calls) =>
        (function, qualifier, payload, type, caller, cancellation) =>
            calls.Fail(
                "lambda",
                "Invoke",
                caller,
                () => functions.InvokeAs(function, qualifier, payload, type, caller, cancellation),
                cancellation
            );

    /// <summary>Whether a state machine may have a role.</summary>
    public static Func<string, string, bool> StepFunctionsToTrust(Policies.Authorizer rights, Iam.RoleCredentials roles) =>
        (role, machine) => !rights.Enforces || roles.Trusts(role, "states.amazonaws.com", machine);

    /// <summary>A subscription that is a function.</summary>
    public static Sns.InvokeFunction SnsToLambda(Lambda.Invoker functions) =>
        async (function, payload, caller, cancellation) =>
            (
                await functions.InvokeAs(function, null, payload, Lambda.InvocationType.Event, caller, cancellation).ConfigureAwait(false)
            ).RequestId;

    /// <summary>What became of a delivery, written in the name of the topic's role.</summary>
    public static Sns.WriteStatus SnsToLogs(Logs.LogSink logs) =>
        (role, scope, group, stream, time, message) => logs.WriteAs(Caller.Role(role, "sns", scope), group, stream, [(time, message)]);

    /// <summary>Whether a topic's role is SNS's to take.</summary>
    public static Func<string, string, bool> SnsToTrust(Policies.Authorizer rights, Iam.RoleCredentials roles) =>
        (role, topic) => !rights.Enforces || roles.Trusts(role, "sns.amazonaws.com", topic);

    /// <summary>An alarm's action that is a function.</summary>
    public static Func<string, ReadOnlyMemory<byte>, Caller, CancellationToken, Task> CloudWatchToLambda(Lambda.Invoker functions) =>
        (function, payload, caller, cancellation) =>
            functions.InvokeAs(function, null, payload, Lambda.InvocationType.Event, caller, cancellation);

    /// <summary>A rule's or schedule's target that is a function.</summary>
    public static Func<string, ReadOnlyMemory<byte>, Caller, CancellationToken, Task> EventsToLambda(Lambda.Invoker functions) =>
        (function, payload, caller, cancellation) =>
            functions.InvokeAs(function, null, payload, Lambda.InvocationType.Event, caller, cancellation);

    /// <summary>A rule's or schedule's target that is a queue, and the queue of what could not be delivered.</summary>
    public static Func<string, string, IReadOnlyDictionary<string, string>, string?, string?, Caller, Task> EventsToSqs(
        Sqs.QueueSender queues
    ) =>
        (queue, body, attributes, group, deduplication, caller) =>
            queues.Send(
                queue,
                body,
                attributes.ToDictionary(
                    pair => pair.Key,
                    pair => new Sqs.MessageAttribute { DataType = "String", StringValue = pair.Value }
                ),
                caller,
                group,
                deduplication
            );

    /// <summary>What is secret of a connection.</summary>
    public static Events.SecretKeeper EventsToSecrets(Secrets.OwnedSecrets secrets) =>
        new(
            (name, value, caller) => secrets.Create("events", name, value, caller),
            (arn, value, caller) => secrets.Change(arn, value, caller),
            (arn, caller) => secrets.Delete(arn, caller)
        );
}
