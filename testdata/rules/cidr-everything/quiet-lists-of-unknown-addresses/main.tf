variable "offices" {
  type = list(string)
}

variable "networks" {
  type = list(string)
  validation {
    condition     = alltrue([for network in var.networks : endswith(network, "/24")])
    error_message = "no"
  }
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = [for office in var.offices : "${office}/32"] } }
    }]
  })
}

resource "aws_api_gateway_rest_api" "invoices" {
  name = "invoices"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = data.aws_iam_policy_document.invoices.json
}

data "aws_iam_policy_document" "invoices" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  statement {
    effect    = "Deny"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "NotIpAddress"
      variable = "aws:SourceIp"
      values   = concat(var.networks, formatlist("%s/32", var.offices))
    }
  }
}
