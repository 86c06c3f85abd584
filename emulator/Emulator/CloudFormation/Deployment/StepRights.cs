using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

/// <summary>Whether whoever deploys a stack (the caller, or the role that was given) may do what its next step does.</summary>
/// <remarks>
/// On AWS each handler calls the services with these rights. Which resource a call is about is not known here before it is made, so it
/// is asked for all of them: an allowance must name <c>*</c>.
/// </remarks>
/// <param name="rights">Decides.</param>
/// <param name="trusts">Whether a role lets CloudFormation take it: role, service, stack.</param>
internal sealed class StepRights(Authorizer rights, Func<string, string, string?, bool> trusts)
{
    private const string Service = "cloudformation.amazonaws.com";

    /// <exception cref="AwsException">AccessDenied: becomes the reason of the resource's failure.</exception>
    public void Check(IResource type, StepAction action, ResourceRequest request, string? roleArn)
    {
        if (!rights.Enforces || request.Caller.IsRoot)
        {
            return;
        }

        if (roleArn is not null && !trusts(roleArn, Service, request.StackId))
        {
            throw Denied($"Role {roleArn} is invalid or cannot be assumed");
        }

        var actions = type.Actions is not { } known ? "*" : action switch
        {
            StepAction.Create or StepAction.Replace => known.Create,
            StepAction.Update => known.Update,
            _ => known.Delete,
        };
        foreach (var one in actions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            rights.Require(request.Caller, new(one, PolicyRequest.AnyResource), Denied);
        }

        if (action is (StepAction.Create or StepAction.Replace or StepAction.Update) && Role(request.Properties) is { } passed)
        {
            rights.Require(request.Caller, Access.PassRole(passed, PassedTo(type.Type)), Denied);
        }
    }

    private static AwsException Denied(string message) => new("AccessDenied", message, 403);

    /// <summary>The role that a resource is given to work with.</summary>
    private static string? Role(JsonElement properties) => Text(properties, "Role") ?? Text(properties, "RoleArn")
        ?? (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("Target", out var target) ? Text(target, "RoleArn") : null);

    private static string? Text(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text && text.StartsWith("arn:", StringComparison.Ordinal) ? text : null;

    /// <summary><c>AWS::StepFunctions::StateMachine</c> works as <c>states.amazonaws.com</c>; mostly the type's own middle is the name.</summary>
    private static string PassedTo(string type) => type.Split("::")[1] is var service && service == "StepFunctions" ? "states.amazonaws.com" : service.ToLowerInvariant() + ".amazonaws.com";
}
