using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary>Whether whoever deploys a stack (the caller, or the role that was given) may do what its next step does.</summary>
/// <remarks>
/// On AWS each handler calls the services with these rights, and so its calls are asked for here: the type's actions, on the resources that
/// the step is about, as their own policies say too. Where the resource has no name yet, an allowance must name <c>*</c>.
/// </remarks>
/// <param name="rights">Decides.</param>
/// <param name="trusts">Whether a role lets CloudFormation take it: role, service, stack.</param>
/// <param name="existing">What is known of a resource that is there, by its ARN.</param>
internal sealed class StepRights(Authorizer rights, Func<string, string, string?, bool> trusts, Func<string, Caller, Access?> existing)
{
    private const string Service = "cloudformation.amazonaws.com";

    /// <summary>Refuses an operation whose role CloudFormation cannot take.</summary>
    public void CheckRole(string? roleArn, string stackId)
    {
        if (rights.Enforces && !IsTrusted(roleArn, stackId))
        {
            throw StackErrors.Validation(NoRole(roleArn!));
        }
    }

    /// <exception cref="AwsException">AccessDenied: becomes the reason of the resource's failure.</exception>
    public void Check(IResource type, StepAction action, ResourceRequest request, string? roleArn)
    {
        if (!rights.Enforces)
        {
            return;
        }

        if (!IsTrusted(roleArn, request.StackId))
        {
            throw Denied(NoRole(roleArn!));
        }

        var actions = type.Actions is not { } known
            ? "*"
            : action switch
            {
                StepAction.Create or StepAction.Replace => known.Create,
                StepAction.Update => known.Update,
                _ => known.Delete,
            };
        var arns = ResourceArns.Of(type.Type, request);
        foreach (var one in actions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (arns.Count == 0)
            {
                rights.Require(request.Caller, new(one, PolicyRequest.AnyResource), Denied);
            }

            foreach (var arn in arns.Where(arn => IsFor(one, arn)))
            {
                rights.Require(
                    request.Caller,
                    (existing(arn, request.Caller) ?? new("", arn)) with
                    {
                        Action = one,
                        Denied = null,
                    },
                    Denied
                );
            }
        }

        if (!type.TakesAny && action is (StepAction.Create or StepAction.Replace or StepAction.Update))
        {
            foreach (var passed in ResourceArns.Passed(type.Type, request).Distinct())
            {
                var role = existing(passed, request.Caller)?.Resource ?? passed;
                rights.Require(request.Caller, Access.PassRole(role, PassedTo(type.Type)), Denied);
            }
        }
    }

    /// <summary>Of the actions of an IAM policy, each is for one kind of holder; of an archive's, one is about the bus too.</summary>
    private static bool IsFor(string action, string arn) =>
        (!action.EndsWith("RolePolicy", StringComparison.Ordinal) || arn.Contains(":role/", StringComparison.Ordinal))
        && (!action.EndsWith("UserPolicy", StringComparison.Ordinal) || arn.Contains(":user/", StringComparison.Ordinal))
        && (!action.EndsWith("GroupPolicy", StringComparison.Ordinal) || arn.Contains(":group/", StringComparison.Ordinal))
        && (
            !action.EndsWith("Archive", StringComparison.Ordinal)
            || action == "events:CreateArchive"
            || arn.Contains(":archive/", StringComparison.Ordinal)
        );

    private bool IsTrusted(string? roleArn, string stackId) => roleArn is null || trusts(roleArn, Service, stackId);

    private static string NoRole(string roleArn) => $"Role {roleArn} is invalid or cannot be assumed";

    private static AwsException Denied(string message) => new("AccessDenied", message, 403);

    /// <summary><c>AWS::StepFunctions::StateMachine</c> works as <c>states.amazonaws.com</c>; mostly the type's own middle is the name.</summary>
    private static string PassedTo(string type) =>
        type.Split("::")[1] switch
        {
            "StepFunctions" => "states.amazonaws.com",
            "IAM" => "ec2.amazonaws.com", // an instance profile's
            var service => service.ToLowerInvariant() + ".amazonaws.com",
        };
}
