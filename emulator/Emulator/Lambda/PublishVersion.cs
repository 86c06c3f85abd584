using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record PublishVersionRequest
{
    public string? FunctionName { get; init; }

    public string? CodeSha256 { get; init; }

    public string? Description { get; init; }

    public string? RevisionId { get; init; }
}

/// <summary>Keeps code and configuration as they are under the next number; unchanged since the last time, it answers that version.</summary>
internal static class PublishVersion
{
    public static async Task<FunctionDescription> Run(FunctionStore functions, PublishVersionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return await functions
            .Database.Write(transaction =>
            {
                var function = functions.Get(transaction, reference);
                if (request.RevisionId is { } revision && revision != function.Latest.RevisionId)
                {
                    throw LambdaErrors.StaleRevision();
                }

                if (request.CodeSha256 is { } sha256 && sha256 != function.Latest.CodeSha256)
                {
                    throw LambdaErrors.Invalid(
                        $"CodeSHA256 ({sha256}) is different from current CodeSHA256 in $LATEST ({function.Latest.CodeSha256}). Please try again with the CodeSHA256 in $LATEST."
                    );
                }

                if (FunctionActivation.IsWaiting(function.Latest))
                {
                    throw LambdaErrors.UpdateInProgress(reference.Arn);
                }

                var published = Publish(function, request.Description ?? function.Latest.Description, functions);
                functions.Put(transaction, reference.Scope, published);
                functions.Announce(transaction, reference.Scope, function.Name);
                return FunctionDescription.Of(
                    reference.Scope,
                    function.Name,
                    published.Published.Last(version => IsSame(version, function.Latest)),
                    qualified: true
                );
            })
            .ConfigureAwait(false);
    }

    public static Function Publish(Function function, string description, FunctionStore functions)
    {
        if (function.Published.Count > 0 && IsSame(function.Published[^1], function.Latest))
        {
            return function;
        }

        var number = function.LastVersion + 1;
        return function with
        {
            // Publishing is a new revision of what was published too (recorded on AWS).
            Latest = function.Latest with
            {
                RevisionId = FunctionStore.NewRevision(),
            },
            LastVersion = number,
            Published =
            [
                .. function.Published,
                function.Latest with
                {
                    Version = number.ToString(CultureInfo.InvariantCulture),
                    Description = description,
                    RevisionId = FunctionStore.NewRevision(),
                    LastModified = functions.Clock.GetUtcNow(),
                },
            ],
        };
    }

    private static bool IsSame(FunctionVersion published, FunctionVersion latest) =>
        published.CodeSha256 == latest.CodeSha256
        && published.Runtime == latest.Runtime
        && published.Handler == latest.Handler
        && published.Role == latest.Role
        && published.MemorySize == latest.MemorySize
        && published.Timeout == latest.Timeout
        && published.Architecture == latest.Architecture
        && published.EphemeralStorage == latest.EphemeralStorage
        && published.TracingMode == latest.TracingMode
        && published.DeadLetterTarget == latest.DeadLetterTarget
        && published.LogGroup == latest.LogGroup
        && published.LogFormat == latest.LogFormat
        && published.ApplicationLogLevel == latest.ApplicationLogLevel
        && published.SystemLogLevel == latest.SystemLogLevel
        && published.Layers.SequenceEqual(latest.Layers)
        && AreSame(published.Environment, latest.Environment);

    private static bool AreSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0)
        && (one is null || one.All(pair => other!.TryGetValue(pair.Key, out var value) && value == pair.Value));
}
