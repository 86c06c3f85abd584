using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Runs one step of one resource, with the rights of the stack operation's caller.</summary>
internal sealed partial class StepRunner(
    IReadOnlyDictionary<string, IResource> types,
    NestedStacks nested,
    SecretReferences secrets,
    StepRights rights,
    ILogger logger,
    CancellationToken stopping
)
{
    /// <summary>Does what a resource's pending step asks; what goes wrong is the step's result.</summary>
    /// <exception cref="StoreClosedException">The emulator stops: nothing came of it.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "A resource type with a bug fails its resource, and is logged.")]
    public async Task<StepResult> Run(Scope scope, StackDocument stack, ResourceDocument resource, CancellationToken cancellation)
    {
        var step = resource.Pending!;
        IReadOnlyCollection<string> resolved = [];
        try
        {
            var request = StepRequest.Of(scope, stack, resource, step);
            if (resource.Type == TemplateChecks.NestedStack)
            {
                return await nested.Act(scope, stack, step, request, cancellation).ConfigureAwait(false);
            }

            var type = types[resource.Type];
            if (step.Action is StepAction.Create or StepAction.Replace or StepAction.Update)
            {
                (request, resolved) = await secrets.Resolve(request, cancellation).ConfigureAwait(false);
            }

            rights.Check(type, step.Action, request, stack.Input.RoleArn);
            switch (step.Action)
            {
                case StepAction.Create or StepAction.Replace:
                    return new StepResult(
                        await Coercion.Run(type.Type, request, r => type.Create(r, cancellation)).ConfigureAwait(false),
                        null
                    );
                case StepAction.Update:
                    return new StepResult(
                        await Coercion.Run(type.Type, request, r => type.Update(r, cancellation)).ConfigureAwait(false),
                        null
                    );
                default:
                    return await Coercion
                        .Run(
                            type.Type,
                            request,
                            async r =>
                            {
                                await type.Delete(r, cancellation).ConfigureAwait(false);
                                return new StepResult(null, null);
                            }
                        )
                        .ConfigureAwait(false);
            }
        }
        catch (AwsException refused)
        {
            return new StepResult(
                refused.LeftBehind is { } id ? new ResourceState(id, new Dictionary<string, JsonElement>()) : null,
                resolved.Aggregate(
                    refused.Message,
                    (message, secret) => secret.Length == 0 ? message : message.Replace(secret, TextNode.Mask, StringComparison.Ordinal)
                )
            );
        }
        catch (Exception failure) when (stopping.IsCancellationRequested || failure is StoreClosedException)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new StepResult(null, "Resource creation cancelled");
        }
        catch (Exception bug)
        {
            LogStepFailed(stack.Name, resource.LogicalId, resource.Type, bug);
            return new StepResult(null, "Internal Failure");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Stack {Stack}: {LogicalId} ({Type}) failed inside the emulator")]
    private partial void LogStepFailed(string stack, string logicalId, string type, Exception failure);
}
